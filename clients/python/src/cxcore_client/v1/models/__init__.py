"""Contains all the data models used in inputs/outputs"""

from .access_role import AccessRole
from .act_out import ActOut
from .attachment_in import AttachmentIn
from .attempt_out import AttemptOut
from .audit_out import AuditOut
from .audited_out import AuditedOut
from .becomes_out import BecomesOut
from .becomes_out_channels import BecomesOutChannels
from .becomes_out_kinds import BecomesOutKinds
from .bulk_out import BulkOut
from .candidate_out import CandidateOut
from .chain_in import ChainIn
from .chain_out import ChainOut
from .changes_out import ChangesOut
from .channel import Channel
from .channel_coverage_out import ChannelCoverageOut
from .checked_out import CheckedOut
from .compared_out import ComparedOut
from .compared_out_evidence import ComparedOutEvidence
from .confidence import Confidence
from .contradiction_out import ContradictionOut
from .conversation_out import ConversationOut
from .corrected_out import CorrectedOut
from .correction_in import CorrectionIn
from .correction_out import CorrectionOut
from .coverage_out import CoverageOut
from .credential_out import CredentialOut
from .customer_out import CustomerOut
from .decision_out import DecisionOut
from .decisions_out import DecisionsOut
from .deliveries_out import DeliveriesOut
from .delivery_out import DeliveryOut
from .delivery_out_state import DeliveryOutState
from .direction import Direction
from .doubt import Doubt
from .effects_out import EffectsOut
from .entry_out import EntryOut
from .entry_out_attributes import EntryOutAttributes
from .event_out import EventOut
from .event_out_data import EventOutData
from .event_type import EventType
from .everybody_out import EverybodyOut
from .explanation_out import ExplanationOut
from .field import Field
from .field_problem import FieldProblem
from .flag import Flag
from .gap_out import GapOut
from .ground import Ground
from .health import Health
from .hit_out import HitOut
from .identifier_in import IdentifierIn
from .identifier_out import IdentifierOut
from .interaction_in import InteractionIn
from .interaction_in_attributes import InteractionInAttributes
from .interaction_out import InteractionOut
from .interaction_out_attributes import InteractionOutAttributes
from .judged_out import JudgedOut
from .key_in import KeyIn
from .key_out import KeyOut
from .keys_out import KeysOut
from .kind import Kind
from .lead_out import LeadOut
from .line_out import LineOut
from .list_webhook_deliveries_state_type_0 import ListWebhookDeliveriesStateType0
from .loser_out import LoserOut
from .made_key_out import MadeKeyOut
from .merge_in import MergeIn
from .outcome import Outcome
from .participant_in import ParticipantIn
from .participant_out import ParticipantOut
from .perhaps_out import PerhapsOut
from .perhaps_out_evidence import PerhapsOutEvidence
from .person_in import PersonIn
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
from .replay_in import ReplayIn
from .replayed_out import ReplayedOut
from .reset_in import ResetIn
from .resolve_in import ResolveIn
from .resolve_out import ResolveOut
from .reveal_in import RevealIn
from .revealed_out import RevealedOut
from .review_in import ReviewIn
from .review_out import ReviewOut
from .review_out_evidence import ReviewOutEvidence
from .reviews_out import ReviewsOut
from .role import Role
from .rotate_in import RotateIn
from .rule import Rule
from .run_out import RunOut
from .run_out_state import RunOutState
from .runs_out import RunsOut
from .scheme import Scheme
from .scope import Scope
from .search_in import SearchIn
from .search_out import SearchOut
from .secret_out import SecretOut
from .seen_out import SeenOut
from .sent_identifier_in import SentIdentifierIn
from .sent_out import SentOut
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
from .staff_change_in import StaffChangeIn
from .staff_in import StaffIn
from .staff_out import StaffOut
from .sum_out import SumOut
from .sum_out_channels import SumOutChannels
from .sum_out_kinds import SumOutKinds
from .survivorship_out import SurvivorshipOut
from .tie_out import TieOut
from .timeline_out import TimelineOut
from .value_change_out import ValueChangeOut
from .value_out import ValueOut
from .verdict import Verdict
from .webhook_in import WebhookIn
from .webhook_made_out import WebhookMadeOut
from .webhook_made_out_state import WebhookMadeOutState
from .webhook_out import WebhookOut
from .webhook_out_state import WebhookOutState
from .webhook_patch_in import WebhookPatchIn
from .webhooks_out import WebhooksOut
from .withdraw_in import WithdrawIn
from .withdrawn_out import WithdrawnOut

__all__ = (
    "AccessRole",
    "ActOut",
    "AttachmentIn",
    "AttemptOut",
    "AuditedOut",
    "AuditOut",
    "BecomesOut",
    "BecomesOutChannels",
    "BecomesOutKinds",
    "BulkOut",
    "CandidateOut",
    "ChainIn",
    "ChainOut",
    "ChangesOut",
    "Channel",
    "ChannelCoverageOut",
    "CheckedOut",
    "ComparedOut",
    "ComparedOutEvidence",
    "Confidence",
    "ContradictionOut",
    "ConversationOut",
    "CorrectedOut",
    "CorrectionIn",
    "CorrectionOut",
    "CoverageOut",
    "CredentialOut",
    "CustomerOut",
    "DecisionOut",
    "DecisionsOut",
    "DeliveriesOut",
    "DeliveryOut",
    "DeliveryOutState",
    "Direction",
    "Doubt",
    "EffectsOut",
    "EntryOut",
    "EntryOutAttributes",
    "EventOut",
    "EventOutData",
    "EventType",
    "EverybodyOut",
    "ExplanationOut",
    "Field",
    "FieldProblem",
    "Flag",
    "GapOut",
    "Ground",
    "Health",
    "HitOut",
    "IdentifierIn",
    "IdentifierOut",
    "InteractionIn",
    "InteractionInAttributes",
    "InteractionOut",
    "InteractionOutAttributes",
    "JudgedOut",
    "KeyIn",
    "KeyOut",
    "KeysOut",
    "Kind",
    "LeadOut",
    "LineOut",
    "ListWebhookDeliveriesStateType0",
    "LoserOut",
    "MadeKeyOut",
    "MergeIn",
    "Outcome",
    "ParticipantIn",
    "ParticipantOut",
    "PerhapsOut",
    "PerhapsOutEvidence",
    "PersonIn",
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
    "ReplayedOut",
    "ReplayIn",
    "ResetIn",
    "ResolveIn",
    "ResolveOut",
    "RevealedOut",
    "RevealIn",
    "ReviewIn",
    "ReviewOut",
    "ReviewOutEvidence",
    "ReviewsOut",
    "Role",
    "RotateIn",
    "Rule",
    "RunOut",
    "RunOutState",
    "RunsOut",
    "Scheme",
    "Scope",
    "SearchIn",
    "SearchOut",
    "SecretOut",
    "SeenOut",
    "SentIdentifierIn",
    "SentOut",
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
    "StaffChangeIn",
    "StaffIn",
    "StaffOut",
    "SumOut",
    "SumOutChannels",
    "SumOutKinds",
    "SurvivorshipOut",
    "TieOut",
    "TimelineOut",
    "ValueChangeOut",
    "ValueOut",
    "Verdict",
    "WebhookIn",
    "WebhookMadeOut",
    "WebhookMadeOutState",
    "WebhookOut",
    "WebhookOutState",
    "WebhookPatchIn",
    "WebhooksOut",
    "WithdrawIn",
    "WithdrawnOut",
)
