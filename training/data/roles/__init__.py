"""Fine-tuning lines for every role of `mathlm.prompts`, labelled by the verifier or by a generator."""
