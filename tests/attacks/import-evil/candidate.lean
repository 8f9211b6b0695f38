import Evil
theorem t : False := cheat
