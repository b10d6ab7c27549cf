"""cloudbeds: guests, reservations, arrivals and departures of a hotel that runs on Cloudbeds."""

from cxconnectors.cloudbeds.connector import Cloudbeds

__all__ = ["Cloudbeds"]
