package org.consentgateway.webhook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Immutable. What others can be told of; {@code config/webhooks} has a schema for each. */
public enum EventType {
    CONSENT_SERVED("consent.served"),
    CONSENT_GIVEN("consent.given"),
    CONSENT_REFUSED("consent.refused"),
    CONSENT_UNANSWERED("consent.unanswered"),
    CONSENT_REAFFIRMED("consent.reaffirmed"),
    /** Overtakes all that is not urgent, and its receipt is recorded (Art. 19 DSGVO). */
    CONSENT_WITHDRAWN("consent.withdrawn"),
    /** Never dropped. */
    CONSENT_EXPIRED("consent.expired"),
    /** The caller has ended one purpose of a consent that goes on; never dropped. */
    CONSENT_PURPOSE_ENDED("consent.purpose_ended"),
    CONSENT_RENEWED("consent.renewed"),
    /** Given elsewhere, and taken over. */
    CONSENT_IMPORTED("consent.imported"),
    /** Overtakes as well, and its receipt is recorded. */
    SUBJECT_ERASED("subject.erased"),
    /** A caller wants access or erasure, and goes by the number of the request. */
    REQUEST_OPENED("request.opened"),
    CALLBACK_REQUESTED("callback.requested"),
    COMPLAINT_MADE("complaint.made"),
    /** A customer's monthly report is to be fetched and sent. */
    REPORT_DUE("report.due"),
    CALL_ENDED("call.ended"),
    LEDGER_ALARM("ledger.alarm"),
    /** Sent by hand. */
    ENDPOINT_TEST("endpoint.test");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** As in configuration and outbox. */
    public String text() {
        return text;
    }

    boolean urgent() {
        return this == CONSENT_WITHDRAWN || this == SUBJECT_ERASED;
    }

    /** Whether it is kept for an endpoint that has no more room: there is little of it. */
    boolean keptAnyway() {
        return urgent() || this == CONSENT_EXPIRED || this == CONSENT_PURPOSE_ENDED;
    }

    public static Optional<EventType> named(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    /** What an endpoint can want. */
    public static List<String> names() {
        return Arrays.stream(values())
                .filter(type -> type != ENDPOINT_TEST)
                .map(EventType::text)
                .toList();
    }
}
