package org.consentgateway.notice;

/** Immutable. A text of a notice, and where it stands. */
record NoticeText(Spot spot, String value) {}
