"""From sources to a clean training file: read, clean, score, deduplicate, decontaminate, report, mix."""
