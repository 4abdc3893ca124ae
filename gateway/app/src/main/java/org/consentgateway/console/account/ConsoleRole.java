package org.consentgateway.console.account;

import static org.consentgateway.api.access.ApiScope.CALLS_READ;
import static org.consentgateway.api.access.ApiScope.CALLS_WRITE;
import static org.consentgateway.api.access.ApiScope.CONSENTS_BY_NUMBER;
import static org.consentgateway.api.access.ApiScope.CONSENTS_READ;
import static org.consentgateway.api.access.ApiScope.CONSENTS_WITHDRAW;
import static org.consentgateway.api.access.ApiScope.NOTICES_DRAFT;
import static org.consentgateway.api.access.ApiScope.NOTICES_READ;
import static org.consentgateway.api.access.ApiScope.OPERATION_PROBE;
import static org.consentgateway.api.access.ApiScope.OPERATION_READ;
import static org.consentgateway.api.access.ApiScope.PROOF_READ;
import static org.consentgateway.api.access.ApiScope.RECORDS_READ;
import static org.consentgateway.api.access.ApiScope.REPORTS_READ;
import static org.consentgateway.api.access.ApiScope.REQUESTS_ANSWER;
import static org.consentgateway.api.access.ApiScope.REQUESTS_READ;
import static org.consentgateway.api.access.ApiScope.REQUESTS_WRITE;
import static org.consentgateway.api.access.ApiScope.STATISTICS_READ;
import static org.consentgateway.api.access.ApiScope.SUBJECTS_EXPORT;
import static org.consentgateway.api.access.ApiScope.SUBJECTS_WRITE;
import static org.consentgateway.api.access.ApiScope.TASKS_READ;
import static org.consentgateway.api.access.ApiScope.TASKS_WRITE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;

/** Immutable. What somebody does in the company, and which scopes of the API that takes. */
public enum ConsoleRole {
    /** Looks at figures; sees nobody. */
    VIEWER(STATISTICS_READ, CALLS_READ, NOTICES_READ),
    /** Speaks with callers who refused, withdrew or want something. */
    SERVICE(
            STATISTICS_READ,
            NOTICES_READ,
            CONSENTS_READ,
            CONSENTS_BY_NUMBER,
            CONSENTS_WITHDRAW,
            REQUESTS_READ,
            REQUESTS_WRITE,
            SUBJECTS_WRITE,
            TASKS_READ,
            TASKS_WRITE),
    /** The data protection officer: sees all, and changes what callers may ask for. */
    DPO(
            STATISTICS_READ,
            CALLS_READ,
            NOTICES_READ,
            CONSENTS_READ,
            CONSENTS_BY_NUMBER,
            CONSENTS_WITHDRAW,
            RECORDS_READ,
            SUBJECTS_EXPORT,
            REQUESTS_READ,
            REQUESTS_WRITE,
            REQUESTS_ANSWER,
            PROOF_READ,
            TASKS_READ,
            TASKS_WRITE,
            REPORTS_READ),
    /** Writes what callers hear; sees nobody. */
    EDITOR(STATISTICS_READ, NOTICES_READ, NOTICES_DRAFT),
    /** Keeps it running; sees calls, and nobody's name or consent. */
    OPERATOR(
            STATISTICS_READ,
            CALLS_READ,
            CALLS_WRITE,
            NOTICES_READ,
            PROOF_READ,
            OPERATION_READ,
            OPERATION_PROBE),
    ADMIN(EnumSet.allOf(ApiScope.class));

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
    private final Set<ApiScope> scopes;

    ConsoleRole(ApiScope... scopes) {
        this(EnumSet.copyOf(List.of(scopes)));
    }

    ConsoleRole(EnumSet<ApiScope> scopes) {
        this.scopes = Set.copyOf(scopes);
    }

    public Set<ApiScope> scopes() {
        return scopes;
    }

    /** Such as "dpo". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ConsoleRole> of(String text) {
        return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
    }

    public static List<String> texts() {
        return Arrays.stream(values()).map(ConsoleRole::text).toList();
    }
}
