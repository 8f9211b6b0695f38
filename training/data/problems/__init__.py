"""Questions with programs: teachers, a generator of problems, and the build of the training file."""
