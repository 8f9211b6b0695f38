"""A backend with scripted completions, for tests and examples: no model, no torch.

A list is dealt out in order, from the start again when it ends. A mapping gives each prompt the list of
the first key that its text contains (KeyError, naming the prompt, when there is none).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mathlm.types import Completion, Prompt, SamplingParams


class FakeBackend:
    """Example: `FakeBackend({"2+2": ["print(4)", "print(5)"]})`. Calls are recorded in `prompts`."""

    def __init__(self, script: Sequence[str] | Mapping[str, Sequence[str]], *, name: str = "fake") -> None:
        if isinstance(script, str):
            raise TypeError("script must be a list of completions or a mapping, not one string")
        self._script: Mapping[str, Sequence[str]] = script if isinstance(script, Mapping) else {"": script}
        self._dealt = dict.fromkeys(self._script, 0)
        self.name = name
        self.prompts: list[Prompt] = []

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `base.Backend`. A token is a blank-separated word; longer texts are cut at `max_tokens`."""
        completions = []
        for prompt in prompts:
            self.prompts.append(prompt)
            completions.append(self._complete(prompt, params.max_tokens))
            if progress is not None:
                progress(1)
        return completions

    def _complete(self, prompt: Prompt, max_tokens: int) -> Completion:
        key = next((key for key in self._script if key in prompt.text), None)
        if key is None:
            raise KeyError(f"the script has no completion for the prompt {prompt.text!r}")
        texts = self._script[key]
        text = texts[self._dealt[key] % len(texts)]
        self._dealt[key] += 1
        words = text.split(" ")
        return Completion(
            text=" ".join(words[:max_tokens]),
            finish="length" if len(words) > max_tokens else "stop",
            tokens=min(len(words), max_tokens),
            logprob=0.0,
        )
