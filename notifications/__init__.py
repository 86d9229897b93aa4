"""The voice: how an event is said to a person, in Chinese and English."""
