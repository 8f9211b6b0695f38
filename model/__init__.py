"""The language model: configuration, decoder, tokenizer, sampling, checkpoints, generation.

Imports the standard library, torch, `mathlm.types`, `mathlm.errors` and `mathlm.prompts` only;
other heavy libraries stay inside the one file that needs them (`tokenizer.py`: tokenizers,
`checkpoint.py`: safetensors, `generation/hf.py`: transformers). Importing this package loads nothing.
"""
