#eval IO.FS.writeFile "/tmp/Evil.olean" "olean"
#eval IO.FS.writeFile "/tmp/Evil.lean" "axiom cheat : False"
theorem first : True := trivial
