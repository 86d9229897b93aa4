"""Who can sign in: accounts, passwords, sessions, second factors, personal access tokens.

An account is a person's, and is called by the person's code. What a person may do is never said
here: that is the roles', read anew at every request.
"""
