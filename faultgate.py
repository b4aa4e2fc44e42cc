"""The command line: `faultgate --help`."""

import argparse
import io
import os
import sys
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from config.wiring import BadWiring, load
from gateway import logs
from records.arrival import TryAgain
from records.people import Role

EPILOG = """\
a report's way: a door takes it (SMTP, IMAP) -> it is kept byte-exact -> it becomes a standard fault record
-> typical fix or incident -> a ticket, and a receipt to the customer.

  faultgate run                          the embedded gateway: one command, no database server needed
  faultgate records                      what came in, and how much of its two hours is left
  faultgate show FR-2026-0000001         one report's whole story, original to ticket
  faultgate export FR-2026-0000001       the byte-exact original
  faultgate preview FR-2026-0000001 --backend desk   what a ticket backend would be sent
  faultgate route FR-2026-0000001        which row of the routing table it met, and why no earlier one
  faultgate normalize mail.eml           the record of a file; stores nothing
  faultgate person add anna --role admin the first account of the desk
"""


def main() -> int:
    """Run one command; gives the exit status."""
    arguments = _parser().parse_args()
    logs.set_up()
    if isinstance(sys.stdout, io.TextIOWrapper):  # reports come in every script, whatever the terminal's encoding is
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        return int(_COMMANDS[arguments.command](load(arguments.config), arguments))
    except BadWiring as error:
        print(f"faultgate: {error}", file=sys.stderr)
        return 2
    except TryAgain as trouble:
        print(f"faultgate: {trouble}: try again, or ask `faultgate check`", file=sys.stderr)
        return 1
    except LookupError as error:
        if type(error) is not LookupError:  # a KeyError is a fault of ours
            raise
        print(f"faultgate: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    wiring = argparse.ArgumentParser(add_help=False)
    wiring.add_argument(
        "--config", type=Path, metavar="FILE", help="the wiring file (TOML); default: embedded, all defaults"
    )
    parser = argparse.ArgumentParser(
        prog="faultgate", description="The front door of a telecom support desk: no written fault report is lost.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("run", parents=[wiring], help="start the gateway; prints each address, then `ready`")
    one.add_argument(
        "parts", nargs="*", choices=["doors", "worker", "desk", "partners", []], metavar="PART",
        help="doors, worker, desk, partners; default: all",
    )  # fmt: skip
    one = commands.add_parser(
        "normalize", parents=[wiring], help="print the record of each file as JSON Lines; store nothing"
    )
    one.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help=".eml, text, PDF, TIFF, PNG, JPEG, JSON: told by content"
    )
    one.add_argument("--channel", metavar="NAME", help="take language, region and rule from this channel")
    one.add_argument("--received-at", type=_time, metavar="ISO", help="time of arrival; default: now")
    one.add_argument("--reading", action="store_true", help="add what was read before any field was taken")
    one.add_argument("--json-schema", action="store_true", help="print the JSON Schema of the record")
    commands.add_parser(
        "check", parents=[wiring], help="tell of every channel, backend, store and broker whether it answers"
    )
    one = commands.add_parser("records", parents=[wiring], help="list what is stored, earliest due time first")
    one.add_argument("--json", action="store_true", help="JSON Lines: the public form of each record")
    one.add_argument("--order", metavar="ORDER", help="report, follow_up, withdrawal, progress or not_a_fault")
    one.add_argument("--since", type=_time, metavar="ISO", help="received at or after")
    one = commands.add_parser("show", parents=[wiring], help="tell one report's whole story, original to ticket")
    one.add_argument("id", metavar="ID", help="FR-2026-0000001")
    one = commands.add_parser("export", parents=[wiring], help="write the byte-exact original to standard output")
    one.add_argument("id", metavar="ID")
    one = commands.add_parser("preview", parents=[wiring], help="show what a ticket backend would be sent")
    one.add_argument("id", metavar="ID")
    one.add_argument("--backend", required=True, metavar="NAME", help="as in the wiring file; it need not be reached")
    one.add_argument("--verb", choices=["create", "amend", "withdraw"], default="create", help="default: create")
    one = commands.add_parser("evaluate", parents=[wiring], help="tell how good the machine is on labelled reports")
    one.add_argument("path", type=Path, metavar="PATH", help='JSON Lines: {"text": …, "gold": {dotted field: value}}')
    one.add_argument("--received-at", type=_time, metavar="ISO", help="time of arrival where a line has none")
    one.add_argument("--html", type=Path, metavar="FILE", help="write the same with plots, as one page")
    one = commands.add_parser("route", parents=[wiring], help="tell which routing row a report met, and why")
    one.add_argument("id", metavar="ID")
    _add_register(commands.add_parser("register", help="subscribers, houses, nodes of the network: load, list"), wiring)
    _add_model(commands.add_parser("model", help="the trained models: train, list, rollback"), wiring)
    _add_outages(commands.add_parser("outages", help="the watch for mass outages: replay its history"), wiring)
    one = commands.add_parser(
        "replay-events", parents=[wiring], help="send a partner's events anew: those that have not arrived"
    )
    one.add_argument("partner", metavar="PARTNER", help="as in the wiring file")
    one.add_argument("--since", type=_time, metavar="ISO", help="all that were made at or after, also what has arrived")
    _add_person(commands.add_parser("person", help="accounts of the desk: add, list, password, close, token"), wiring)
    one = commands.add_parser("part", parents=[wiring])  # one process of `run`, started by it
    one.add_argument("part", choices=["prepare", "doors", "worker", "desk", "partners", "learn"])
    one.add_argument("--supervisor", type=int, default=os.getppid(), metavar="PID", help="ends with this process")
    return parser


def _add_person(parser: argparse.ArgumentParser, wiring: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    one = acts.add_parser("add", parents=[wiring], help="make an account; asks for the password, or reads it piped in")
    one.add_argument("login", metavar="LOGIN")
    one.add_argument("--role", choices=list(Role), default=Role.CLERK, type=str, help="default: clerk")
    one.add_argument("--name", default="", help="as the others see it; default: the login")
    acts.add_parser("list", parents=[wiring], help="list all accounts")
    for act, told in (
        ("password", "give a new password; ends all sessions"),
        ("close", "let nobody sign in with it any more"),
        ("token", "print a new token for the API, once; the earlier one is void"),
    ):
        acts.add_parser(act, parents=[wiring], help=told).add_argument("login", metavar="LOGIN")


def _add_register(parser: argparse.ArgumentParser, wiring: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    one = acts.add_parser("load", parents=[wiring], help="put a CSV in the place of a register")
    one.add_argument("name", choices=["nodes", "houses", "subscribers"])
    one.add_argument("source", metavar="SOURCE", help="a file, or an https address")
    acts.add_parser("list", parents=[wiring], help="tell which registers are loaded")


def _add_model(parser: argparse.ArgumentParser, wiring: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    one = acts.add_parser("train", parents=[wiring], help="learn from all corrections; promoted only if shown better")
    one.add_argument("languages", nargs="*", metavar="LANGUAGE", help="ru, zh, it, en; default: all")
    acts.add_parser("list", parents=[wiring], help="list the models that were made, and what became of them")
    one = acts.add_parser("rollback", parents=[wiring], help="let the model before the present one decide again")
    one.add_argument("language", metavar="LANGUAGE")


def _add_outages(parser: argparse.ArgumentParser, wiring: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    one = acts.add_parser("replay", parents=[wiring], help="tell the alarms a week of each threshold")
    one.add_argument("--weeks", type=int, choices=range(1, 521), default=52, metavar="N", help="default: 52")


def _time(text: str) -> datetime:
    """Read a time of an option; one without an offset is the desk's."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - no time of any report
    if not 1970 <= at.year < 2200:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-11-21 or 2026-11-21T10:03:11+03:00")
    return at


def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.supervisor import PARTS, Supervisor

    return Supervisor(settings, arguments.config, tuple(arguments.parts) or PARTS).run()


def _part(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.leash import end_with

    end_with(arguments.supervisor)
    match arguments.part:  # each part loads only what it needs
        case "prepare":
            from storage.opening import prepare

            prepare(settings.gateway, settings.storage)
        case "doors":
            from gateway.doors import run

            run(settings)
        case "worker":
            from gateway import labour

            labour.run(settings, arguments.config)
        case "desk":
            from gateway.desk import run

            run(settings)
        case "partners":
            from gateway.partners import run

            run(settings)
        case "learn":
            from gateway.learning import train_news

            return train_news(settings)
    return 0


def _normalize(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.normalize import normalize, print_schema

    if arguments.json_schema:
        return print_schema()
    return normalize(settings, arguments.paths, arguments.channel, arguments.received_at, reading=arguments.reading)


def _check(settings: Settings, _: argparse.Namespace) -> int:
    from gateway.check import check

    return check(settings)


def _records(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.listing import list_records

    return list_records(settings, arguments.order, arguments.since, as_json=arguments.json)


def _show(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.listing import show

    return show(settings, arguments.id)


def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.listing import export

    return export(settings, arguments.id)


def _preview(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.preview import preview

    return preview(settings, arguments.id, arguments.backend, arguments.verb)


def _evaluate(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.evaluate import evaluate

    return evaluate(settings, arguments.path, arguments.received_at, arguments.html)


def _route(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.route import route

    return route(settings, arguments.id)


def _register(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway import registers

    if arguments.act == "load":
        return registers.load(settings, arguments.name, arguments.source)
    return registers.list_registers(settings)


def _model(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway import learning

    match arguments.act:
        case "train":
            return learning.train_all(settings, arguments.languages)
        case "list":
            return learning.list_models(settings)
        case _:
            return learning.roll_back(settings, arguments.language)


def _outages(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.replay import replay

    return replay(settings, arguments.weeks)


def _replay_events(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway.partner_commands import replay

    return replay(settings, arguments.partner, arguments.since)


def _person(settings: Settings, arguments: argparse.Namespace) -> int:
    from gateway import people

    match arguments.act:
        case "add":
            return people.add(settings, arguments.login, arguments.name, Role(arguments.role))
        case "list":
            return people.list_people(settings)
        case "password":
            return people.set_password(settings, arguments.login)
        case "close":
            return people.close(settings, arguments.login)
        case _:
            return people.give_token(settings, arguments.login)


_COMMANDS = {
    "run": _run,
    "part": _part,
    "normalize": _normalize,
    "check": _check,
    "records": _records,
    "show": _show,
    "export": _export,
    "preview": _preview,
    "evaluate": _evaluate,
    "route": _route,
    "outages": _outages,
    "replay-events": _replay_events,
    "register": _register,
    "model": _model,
    "person": _person,
}

if __name__ == "__main__":
    sys.exit(main())
