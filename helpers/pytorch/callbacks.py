"""What may happen between epochs, under the names that Keras gives it."""

import copy

from torch import nn

from helpers.arguments import check_choice


class Callback:
    """Called by :func:`helpers.pytorch.training.fit`; override what you need."""

    model: nn.Module

    def set_model(self, model: nn.Module) -> None:
        """Remember the model that is trained."""
        self.model = model

    def on_train_begin(self) -> None:
        """Called once, before the first epoch."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Called after each epoch with its losses and metrics."""

    def on_train_end(self) -> None:
        """Called once, after the last epoch."""


class EarlyStopping(Callback):
    """Stop when a logged value no longer falls; the twin of Keras' callback.

    Args:
        monitor: the logged value to watch; the lower, the better, unless ``mode`` is
            ``"max"``.
        patience: how many epochs without a better value are allowed.
        mode: ``"min"`` or ``"max"``.
        restore_best_weights: whether the model gets the best epoch's weights back.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 0,
        mode: str = "min",
        restore_best_weights: bool = False,
    ) -> None:
        """Remember the settings; see the class for the arguments."""
        check_choice("mode", mode, ("min", "max"))
        self.monitor, self.patience = monitor, patience
        self.sign = 1 if mode == "min" else -1
        self.restore_best_weights = restore_best_weights

    def on_train_begin(self) -> None:
        """Forget earlier runs."""
        self.best, self.best_epoch, self.best_weights = float("inf"), 0, None

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Compare with the best epoch so far."""
        if self.monitor not in logs:
            raise ValueError(
                f"monitor {self.monitor!r} is not logged; there are {sorted(logs)}"
            )
        value = self.sign * logs[self.monitor]
        if value < self.best:
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = copy.deepcopy(self.model.state_dict())
        elif epoch - self.best_epoch >= self.patience:
            self.model.stop_training = True

    def on_train_end(self) -> None:
        """Give the model its best weights back."""
        if self.best_weights is not None:
            self.model.load_state_dict(self.best_weights)
