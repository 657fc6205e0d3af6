"""The document of a plan: apart from the command, which loads little where there is nothing to do."""

from renderer.cli.output import ProblemData
from renderer.plan.output.plan_json import PlanData


class PlannedData(PlanData):
    """A plan with what is odd about the specs, and no error."""

    warnings: list[ProblemData]
