"""What a program of an integrator does, through the generated SDK, against the demo: `smoke.py http://127.0.0.1:8080`.

Every step of it is described in docs/integrating.md.
"""

import sys
from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID, uuid4

from red_steward_client import AuthenticatedClient, Client
from red_steward_client.api.feed import list_events
from red_steward_client.api.identity import create_api_client, issue_client_token, log_in
from red_steward_client.api.people import list_persons
from red_steward_client.api.territory import create_grid, get_compound, get_grid, list_compounds, list_grids, update_grid
from red_steward_client.models import (
    ApiClientIn,
    ApiClientSecret,
    ClientTokenIn,
    ClientTokenOut,
    CompoundPage,
    FeedPage,
    GridIn,
    GridKind,
    GridOut,
    GridPage,
    GridPatch,
    LoginIn,
    PersonPage,
    PersonStaffOut,
    Problem,
    TokensOut,
)
from red_steward_client.types import UNSET, Unset

AREA = "620902005003"
T = TypeVar("T")


def expect(kind: type[T], answer: object) -> T:
    """The answer, where it is of the kind that was hoped for: a problem is an answer as well."""
    assert isinstance(answer, kind), answer
    return answer


def tag(version: int) -> str:
    """The header and the body tell the same version."""
    return f'"v{version}"'


def logged_in(base: str, username: str) -> AuthenticatedClient:
    password = f"demo-{username.replace('.', '-')}-2024"
    answer = log_in.sync(client=Client(base_url=base), body=LoginIn(username=username, password=password))
    return AuthenticatedClient(base_url=base, token=expect(TokensOut, answer).access_token)


def is_refused(base: str) -> None:
    answer = log_in.sync_detailed(client=Client(base_url=base), body=LoginIn(username="nobody", password="wrong"))
    assert answer.status_code == 401
    assert expect(Problem, answer.parsed).request_id


def every_grid(client: AuthenticatedClient, limit: int) -> Iterator[GridOut]:
    cursor: str | None | Unset = UNSET
    while cursor is not None:
        page = expect(GridPage, list_grids.sync(client=client, area=AREA, limit=limit, cursor=cursor))
        yield from page.items
        cursor = page.next_cursor


def pages(client: AuthenticatedClient) -> None:
    counted = expect(GridPage, list_grids.sync(client=client, area=AREA, limit=1, include="total"))
    grids = list(every_grid(client, 7))
    assert len(grids) > 7, "the list has several pages"
    assert len(grids) == counted.total
    assert len({grid.id for grid in grids}) == len(grids), "no grid comes twice"


def names_the_fault(client: AuthenticatedClient) -> None:
    body = GridIn(community_code=AREA, level=9, kind=GridKind.BASIC, name="")
    answer = create_grid.sync_detailed(client=client, body=body)
    assert answer.status_code == 422
    problem = expect(Problem, answer.parsed)
    assert problem.code == "invalid"
    assert not isinstance(problem.errors, Unset)
    assert {fault.pointer for fault in problem.errors} == {"#/level", "#/name"}


def says_the_same_twice(client: AuthenticatedClient) -> GridOut:
    body = GridIn(community_code=AREA, level=3, kind=GridKind.BASIC, name="SDK 试用网格 (Python)")
    key = str(uuid4())
    once = create_grid.sync_detailed(client=client, body=body, idempotency_key=key)
    twice = create_grid.sync_detailed(client=client, body=body, idempotency_key=key)
    made = expect(GridOut, once.parsed)
    assert expect(GridOut, twice.parsed).id == made.id, "one key makes one grid"
    assert twice.headers["Idempotency-Replayed"] == "true"
    return made


def loses_and_wins_a_race(client: AuthenticatedClient, id: UUID) -> None:
    read = get_grid.sync_detailed(client=client, id=id)
    mine = expect(GridOut, read.parsed)
    assert read.headers["ETag"] == tag(mine.version)
    theirs = update_grid.sync(client=client, id=id, body=GridPatch(households=181), if_match=tag(mine.version))
    assert expect(GridOut, theirs).version == mine.version + 1

    late = update_grid.sync_detailed(client=client, id=id, body=GridPatch(residents=640), if_match=tag(mine.version))
    assert late.status_code == 412
    assert expect(Problem, late.parsed).code == "version_stale"

    again = expect(GridOut, get_grid.sync(client=client, id=id))
    done = update_grid.sync(client=client, id=id, body=GridPatch(residents=640), if_match=tag(again.version))
    changed = expect(GridOut, done)
    assert (changed.households, changed.residents) == (181, 640)


def forgets_the_version(client: AuthenticatedClient, id: UUID) -> None:
    """The types do not let a program forget the version, so this one goes round them."""
    answer = client.get_httpx_client().patch(f"/v1/grids/{id}", json={"households": 182})
    assert answer.status_code == 428
    problem = Problem.from_dict(answer.json())
    assert not isinstance(problem.errors, Unset)
    assert problem.errors[0].header == "If-Match"


def is_told_that_nothing_changed(client: AuthenticatedClient) -> None:
    found = expect(CompoundPage, list_compounds.sync(client=client, area=AREA, limit=1)).items[0]
    read = get_compound.sync_detailed(client=client, id=found.id)
    polled = get_compound.sync_detailed(client=client, id=found.id, if_none_match=read.headers["ETag"])
    assert polled.status_code == 304
    assert polled.parsed is None


def hears_of_events(client: AuthenticatedClient, id: UUID) -> None:
    heard, after, more = [], "0", True
    while more:
        page = expect(FeedPage, list_events.sync(client=client, after=after, limit=100))
        heard += [event.event for event in page.items if event.entity_id == str(id)]
        after, more = page.next_, page.has_more
    assert heard == ["grid.created", "grid.changed", "grid.changed"]


def tells_views_apart(client: AuthenticatedClient) -> None:
    """One of two models, told apart by `view`."""
    persons = expect(PersonPage, list_persons.sync(client=client, area=AREA, limit=5)).items
    assert persons
    for person in persons:
        assert expect(PersonStaffOut, person).party_status.value in ("none", "probationary", "formal")


def is_a_machine(base: str, coordinator: AuthenticatedClient) -> None:
    body = ApiClientIn(name=f"SDK {uuid4()}", area_code=AREA, scopes=["grids:read"])
    made = expect(ApiClientSecret, create_api_client.sync(client=coordinator, body=body))
    credentials = ClientTokenIn(client_id=made.client.id, client_secret=made.client_secret)
    token = expect(ClientTokenOut, issue_client_token.sync(client=Client(base_url=base), body=credentials))
    machine = AuthenticatedClient(base_url=base, token=token.access_token)
    assert expect(GridPage, list_grids.sync(client=machine, area=AREA)).items
    refused = list_persons.sync_detailed(client=machine)
    assert refused.status_code == 403
    assert expect(Problem, refused.parsed).required_scope == "persons:read"


def main(base: str) -> None:
    worker = logged_in(base, "worker.tongdexiang")
    is_refused(base)
    pages(worker)
    names_the_fault(worker)
    grid = says_the_same_twice(worker)
    loses_and_wins_a_race(worker, grid.id)
    forgets_the_version(worker, grid.id)
    is_told_that_nothing_changed(worker)
    hears_of_events(worker, grid.id)
    tells_views_apart(worker)
    is_a_machine(base, logged_in(base, "coord.suzhou"))
    print("Python: ok")


if __name__ == "__main__":
    main(sys.argv[1])
