import «..».«..».tmp.Evil
theorem t : False := cheat
