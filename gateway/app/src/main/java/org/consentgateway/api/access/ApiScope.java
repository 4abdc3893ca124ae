package org.consentgateway.api.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Immutable. What somebody may do over the API; each is granted by itself. */
public enum ApiScope {
    /** One consent by its id, or those of a customer by what other systems call them. */
    CONSENTS_READ("consents:read"),
    /** Those of a telephone number: whoever has this can find out who has called. */
    CONSENTS_BY_NUMBER("consents:by-number"),
    CONSENTS_WITHDRAW("consents:withdraw"),
    /**
     * To take over what was agreed to elsewhere: whoever has this can shorten callers' questions.
     */
    CONSENTS_IMPORT("consents:import"),
    /** Whether the log is whole and who has seen that; nothing of a caller. */
    PROOF_READ("proof:read"),
    /** All records in the order of the log, without who is behind them. */
    RECORDS_READ("records:read"),
    /** To tie a caller to a customer: by a consent, or with CONSENTS_BY_NUMBER by a number. */
    SUBJECTS_WRITE("subjects:write"),
    /** All that is stored of a customer (Art. 15 DSGVO). */
    SUBJECTS_EXPORT("subjects:export"),
    /** Who wants access or erasure and by when it is due, without who they are. */
    REQUESTS_READ("requests:read"),
    /** To take down that a customer wants access or erasure; a person answers it. */
    REQUESTS_WRITE("requests:write"),
    /** To answer them: whoever has this can have a caller's data erased. */
    REQUESTS_ANSWER("requests:answer"),
    /** Trunks, those we dial, and settings. */
    OPERATION_READ("operation:read"),
    /** To ask a trunk, or somebody we dial, whether they are there. */
    OPERATION_PROBE("operation:probe"),
    CALLS_READ("calls:read"),
    /** To end calls, and to let the node run empty. */
    CALLS_WRITE("calls:write"),
    /** Call-backs and complaints, with the numbers that callers left. */
    TASKS_READ("tasks:read"),
    TASKS_WRITE("tasks:write"),
    NOTICES_READ("notices:read"),
    /** To have words checked that nobody speaks yet; nothing is written. */
    NOTICES_DRAFT("notices:draft"),
    STATISTICS_READ("statistics:read"),
    /** Monthly reports to customers, with what is stored of them. */
    REPORTS_READ("reports:read");

    private final String text;

    ApiScope(String text) {
        this.text = text;
    }

    /** As in keys and tokens, such as "consents:read". */
    public String text() {
        return text;
    }

    public static Optional<ApiScope> of(String text) {
        return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
    }

    public static List<String> texts() {
        return Arrays.stream(values()).map(ApiScope::text).toList();
    }
}
