theorem t : False := _
