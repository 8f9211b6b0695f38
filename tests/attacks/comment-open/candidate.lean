theorem helper : True := trivial
/- -/ /- /- -/
theorem t : False := helper
