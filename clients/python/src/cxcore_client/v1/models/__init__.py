"""Contains all the data models used in inputs/outputs"""

from .becomes_out import BecomesOut
from .becomes_out_channels import BecomesOutChannels
from .becomes_out_kinds import BecomesOutKinds
from .candidate_out import CandidateOut
from .chain_in import ChainIn
from .chain_out import ChainOut
from .channel import Channel
from .channel_coverage_out import ChannelCoverageOut
from .checked_out import CheckedOut
from .compared_out import ComparedOut
from .compared_out_evidence import ComparedOutEvidence
from .confidence import Confidence
from .contradiction_out import ContradictionOut
from .corrected_out import CorrectedOut
from .correction_in import CorrectionIn
from .correction_out import CorrectionOut
from .coverage_out import CoverageOut
from .credential_out import CredentialOut
from .customer_out import CustomerOut
from .decision_out import DecisionOut
from .direction import Direction
from .doubt import Doubt
from .effects_out import EffectsOut
from .entry_out import EntryOut
from .entry_out_attributes import EntryOutAttributes
from .explanation_out import ExplanationOut
from .field import Field
from .field_problem import FieldProblem
from .gap_out import GapOut
from .ground import Ground
from .health import Health
from .hit_out import HitOut
from .identifier_in import IdentifierIn
from .identifier_out import IdentifierOut
from .judged_out import JudgedOut
from .kind import Kind
from .lead_out import LeadOut
from .loser_out import LoserOut
from .merge_in import MergeIn
from .outcome import Outcome
from .participant_out import ParticipantOut
from .perhaps_out import PerhapsOut
from .perhaps_out_evidence import PerhapsOutEvidence
from .preview_merge_in import PreviewMergeIn
from .preview_separate_in import PreviewSeparateIn
from .problem import Problem
from .profile_out import ProfileOut
from .quarantine_out import QuarantineOut
from .reason_out import ReasonOut
from .reason_out_evidence import ReasonOutEvidence
from .relation_kind import RelationKind
from .relation_out import RelationOut
from .relations_out import RelationsOut
from .reset_in import ResetIn
from .resolve_in import ResolveIn
from .resolve_out import ResolveOut
from .review_in import ReviewIn
from .review_out import ReviewOut
from .review_out_evidence import ReviewOutEvidence
from .reviews_out import ReviewsOut
from .role import Role
from .rule import Rule
from .run_out import RunOut
from .run_out_state import RunOutState
from .runs_out import RunsOut
from .scheme import Scheme
from .search_in import SearchIn
from .search_out import SearchOut
from .seen_out import SeenOut
from .separate_in import SeparateIn
from .set_aside_out import SetAsideOut
from .shown_before_out import ShownBeforeOut
from .shown_identifier_out import ShownIdentifierOut
from .source_coverage_out import SourceCoverageOut
from .source_detail_out import SourceDetailOut
from .source_detail_out_config import SourceDetailOutConfig
from .source_detail_out_state import SourceDetailOutState
from .source_in import SourceIn
from .source_in_config import SourceInConfig
from .source_out import SourceOut
from .source_out_state import SourceOutState
from .source_patch import SourcePatch
from .source_patch_config_type_0 import SourcePatchConfigType0
from .sources_out import SourcesOut
from .sum_out import SumOut
from .sum_out_channels import SumOutChannels
from .sum_out_kinds import SumOutKinds
from .survivorship_out import SurvivorshipOut
from .tie_out import TieOut
from .timeline_out import TimelineOut
from .value_change_out import ValueChangeOut
from .value_out import ValueOut
from .verdict import Verdict

__all__ = (
    "BecomesOut",
    "BecomesOutChannels",
    "BecomesOutKinds",
    "CandidateOut",
    "ChainIn",
    "ChainOut",
    "Channel",
    "ChannelCoverageOut",
    "CheckedOut",
    "ComparedOut",
    "ComparedOutEvidence",
    "Confidence",
    "ContradictionOut",
    "CorrectedOut",
    "CorrectionIn",
    "CorrectionOut",
    "CoverageOut",
    "CredentialOut",
    "CustomerOut",
    "DecisionOut",
    "Direction",
    "Doubt",
    "EffectsOut",
    "EntryOut",
    "EntryOutAttributes",
    "ExplanationOut",
    "Field",
    "FieldProblem",
    "GapOut",
    "Ground",
    "Health",
    "HitOut",
    "IdentifierIn",
    "IdentifierOut",
    "JudgedOut",
    "Kind",
    "LeadOut",
    "LoserOut",
    "MergeIn",
    "Outcome",
    "ParticipantOut",
    "PerhapsOut",
    "PerhapsOutEvidence",
    "PreviewMergeIn",
    "PreviewSeparateIn",
    "Problem",
    "ProfileOut",
    "QuarantineOut",
    "ReasonOut",
    "ReasonOutEvidence",
    "RelationKind",
    "RelationOut",
    "RelationsOut",
    "ResetIn",
    "ResolveIn",
    "ResolveOut",
    "ReviewIn",
    "ReviewOut",
    "ReviewOutEvidence",
    "ReviewsOut",
    "Role",
    "Rule",
    "RunOut",
    "RunOutState",
    "RunsOut",
    "Scheme",
    "SearchIn",
    "SearchOut",
    "SeenOut",
    "SeparateIn",
    "SetAsideOut",
    "ShownBeforeOut",
    "ShownIdentifierOut",
    "SourceCoverageOut",
    "SourceDetailOut",
    "SourceDetailOutConfig",
    "SourceDetailOutState",
    "SourceIn",
    "SourceInConfig",
    "SourceOut",
    "SourceOutState",
    "SourcePatch",
    "SourcePatchConfigType0",
    "SourcesOut",
    "SumOut",
    "SumOutChannels",
    "SumOutKinds",
    "SurvivorshipOut",
    "TieOut",
    "TimelineOut",
    "ValueChangeOut",
    "ValueOut",
    "Verdict",
)
