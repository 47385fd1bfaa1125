"""`clew`: what the window does, as commands. Verbs are loaded when they are called."""

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from clew.base.about import VERSION
from clew.base.errors import Cancelled, ClewError, DamagedError, UsageError, explain_os_error
from clew.base.log import log, log_to, stop_log
from clew.base.places import config_dir
from clew.cli.call import Call, debugging, everywhere, in_json, printable

# Each verb: the module under clew.cli and the function in it, and the line of the overview.
VERBS: dict[str, tuple[str, str, str]] = {
    "open": ("opening", "open_window", "Open the app."),
    "demo": ("demo", "demo", "Make the demo workspace and open it."),
    "init": ("init", "init", "Make a workspace."),
    "import": ("importing", "import_data", "Bring pictures and annotations into a project."),
    "projects": ("projects", "projects", "List the projects."),
    "version": ("versions", "version", "Save, list, compare, restore, download, delete versions."),
    "gc": ("gc", "gc", "Reclaim the space of what was deleted."),
    "verify": ("verify", "verify", "Read every stored byte and compare it with what was saved."),
    "run": ("run", "run", "Run an app."),
    "tasks": ("tasks", "tasks", "List the tasks."),
    "task": ("tasks", "task", "Show a task, read its log, cancel it."),
    "models": ("models", "models", "List the models."),
    "model": ("models", "model", "Download a model."),
    "evaluate": ("evaluate", "evaluate", "Evaluate predictions on a version."),
    "reports": ("reports", "reports", "List the reports."),
    "compare": ("compare", "compare", "Lay reports side by side."),
    "graph": ("graph", "graph", "Write the graph of what was made from what."),
    "find": ("find", "find", "Find things by words."),
    "describe": ("describe", "describe", "Describe a block."),
    "hints": ("hints", "hints", "List hints about good habits, and dismiss them."),
    "screenshot": ("screenshot", "screenshot", "Render a page of the window as a picture."),
    "doctor": ("doctor", "doctor", "Look for trouble."),
}


class Verbs(click.Group):
    """Finds verbs in the table; a folder in place of a verb is opened."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in VERBS:
            return None
        module, function, _ = VERBS[cmd_name]
        command: click.Command = getattr(import_module(f"clew.cli.{module}"), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and Path(args[0]).is_dir():
            args = ["open", *args]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):  # from the table, so that the overview loads no verb
            formatter.write_dl([(name, line) for name, (_, _, line) in VERBS.items()])


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"clew {VERSION}")
        context.exit()


@click.command(
    cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@everywhere
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say which."
)
@click.pass_context
def cli(context: click.Context) -> Any:
    """Clew: the way back to every state of your data and models.

    Without a verb, the app opens. A version is written PROJECT@N ("Coin finds@3"); a project can be given
    by its id as #3. Ends with 0 when done, 1 when it failed, 2 for wrong usage, 3 when there is nothing to
    do, 4 when damaged data was found, 130 when cancelled.
    """
    if context.invoked_subcommand is None:
        return context.invoke(cli.get_command(context, "open"))  # type: ignore[arg-type]  # it is in the table
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    in_bundle = getattr(sys, "frozen", False) and words[:1] == ["-m"]  # "{python} -m" of a model's program
    if words[:1] == ["--run-app"] or in_bundle:
        from clew.cli.run_app import run_app

        run_app(words[1:])
        return
    sys.exit(run(words))


def run(words: list[str]) -> int:
    """Run the command line; returns the exit code and lets no exception out."""
    call = Call()
    try:
        code = cli.main(args=words, prog_name="clew", standalone_mode=False, obj=call)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, click.Abort, Cancelled):
        return Cancelled.exit_code
    except BrokenPipeError:  # the reader of our output has gone, as in "clew tasks | head"
        sys.stderr.close()
        return 1
    except SystemExit as leaving:  # the window leaves like this when it cannot be there
        if leaving.code is None or isinstance(leaving.code, int):
            return leaving.code or 0
        _tell(ClewError(str(leaving.code)), as_json=call.json or "--json" in words)
        return ClewError.exit_code
    except Exception as error:
        if debugging():
            traceback.print_exc()
        told = _explain(error, call)
        _tell(told, as_json=call.json or "--json" in words)
        return told.exit_code


def _explain(error: Exception, call: Call) -> ClewError:
    """Any trouble as one of the kinds that the person understands; a bug goes to the log."""
    if isinstance(error, ClewError):
        return error
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        where = f" See: {context.command_path} --help" if context else ""
        return UsageError(f"{error.format_message().rstrip('.')}.{where}")
    if isinstance(error, OSError):
        return explain_os_error(error, "working")
    path = call.log or config_dir() / "clew.log"
    log_to(path)
    log.error("Bug in the command line", exc_info=error)
    stop_log(path)
    return ClewError(f"This is a fault of Clew ({type(error).__name__}). What is known of it is in {path}")


def _tell(error: ClewError, *, as_json: bool) -> None:
    if not as_json:
        click.echo(printable(str(error)), err=True)
        return
    facts: dict[str, Any] = {"error": str(error), "exit_code": error.exit_code}
    if isinstance(error, DamagedError):
        facts["files"] = list(error.files)
    click.echo(in_json(facts, indent=None), err=True)
