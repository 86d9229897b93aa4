"""School buses on the road: fed by the city's platform, judged, told of once a day."""
