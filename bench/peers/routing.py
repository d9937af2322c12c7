"""Solve the same problems with VROOM and with OR-Tools' routing library, as a user would first try."""

from __future__ import annotations

import math

import numpy as np
import vroom as pyvroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from geo.tour.problem import Problem

SCALE = 1000
MOST = 2**30
Answer = tuple[tuple[int, ...] | None, bool]


def vroom(problem: Problem, seconds: float) -> Answer:
    """Ask VROOM with its deepest exploration; it stops by itself, within the time or not."""
    del seconds
    day = problem.days[0]
    solver = pyvroom.Input()
    legs = np.round(problem.minutes * SCALE).astype(np.uint32)
    solver.set_durations_matrix("car", legs)
    solver.set_costs_matrix("car", legs)
    latest = MOST if math.isinf(day.latest_return) else int(day.latest_return * SCALE)
    solver.add_vehicle(
        pyvroom.Vehicle(
            1, start=day.start, end=day.end, time_window=(round(day.departs * SCALE), latest)
        )
    )
    best = max((visit.prize for visit in problem.visits), default=0.0) or 1.0
    for at, visit in enumerate(problem.visits):
        closes = MOST if math.isinf(visit.latest) else int(visit.latest * SCALE)
        solver.add_job(
            pyvroom.Job(
                at,
                location=visit.node,
                default_service=round(visit.service * SCALE),
                priority=100 if visit.must else max(1, round(90 * visit.prize / best)),
                time_windows=[(round(visit.earliest * SCALE), closes)],
            )
        )
    found = solver.solve(exploration_level=5, nb_threads=2)
    jobs = found.routes
    order = jobs[jobs["type"] == "job"]["id"].astype(int)
    return tuple(order.tolist()), False


def ortools(problem: Problem, seconds: float) -> Answer:
    """Ask OR-Tools routing with guided local search for the given time."""
    day = problem.days[0]
    nodes = [day.start, *(visit.node for visit in problem.visits), day.end]
    manager = pywrapcp.RoutingIndexManager(len(nodes), 1, [0], [len(nodes) - 1])
    model = pywrapcp.RoutingModel(manager)
    legs = np.round(problem.minutes[np.ix_(nodes, nodes)] * SCALE).astype(int)
    service = np.array([0, *(round(v.service * SCALE) for v in problem.visits), 0])

    def drive(one: int, other: int) -> int:
        return int(legs[manager.IndexToNode(one), manager.IndexToNode(other)])

    def spend(one: int, other: int) -> int:
        return drive(one, other) + int(service[manager.IndexToNode(one)])

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(drive))
    latest = MOST if math.isinf(day.latest_return) else int(day.latest_return * SCALE)
    model.AddDimension(model.RegisterTransitCallback(spend), MOST, latest, False, "time")
    times = model.GetDimensionOrDie("time")
    times.CumulVar(model.Start(0)).SetValue(round(day.departs * SCALE))
    for at, visit in enumerate(problem.visits):
        index = manager.NodeToIndex(at + 1)
        closes = latest if math.isinf(visit.latest) else int(visit.latest * SCALE)
        times.CumulVar(index).SetRange(round(visit.earliest * SCALE), closes)
        if not visit.must:
            model.AddDisjunction([index], round(visit.prize * SCALE * 100))
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    asked.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    asked.time_limit.FromMilliseconds(round(seconds * 1000))
    found = model.SolveWithParameters(asked)
    if found is None:
        return None, False
    route, index = [], found.Value(model.NextVar(model.Start(0)))
    while not model.IsEnd(index):
        route.append(manager.IndexToNode(index) - 1)
        index = found.Value(model.NextVar(index))
    return tuple(route), False
