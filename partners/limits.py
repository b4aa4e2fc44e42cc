"""How many requests a partner may make: a bucket of tokens for each, in this process."""

import math
import threading


class Bucket:
    """Holds at most `burst` tokens, gets `per_minute` of them a minute; a request takes one. Thread-safe."""

    def __init__(self, per_minute: int, burst: int) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._held, self._at = self._burst, -math.inf
        self._lock = threading.Lock()

    def take(self, now: float) -> int:
        """Take a token; gives 0, or the whole seconds until there is one. `now`: of a clock that only goes forward."""
        with self._lock:
            self._held = min(self._burst, self._held + max(0.0, now - self._at) * self._rate)
            self._at = max(self._at, now)
            if self._held < 1:
                return math.ceil((1 - self._held) / self._rate)
            self._held -= 1
            return 0
