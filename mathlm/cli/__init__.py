"""The command line: one file a verb, all under the rules of `mathlm.cli.output`."""
