package org.consentgateway.console;

import java.util.Locale;
import org.consentgateway.api.access.ApiScope;

/** Immutable. A page that the navigation leads to, for those whose role opens what it shows. */
public enum ConsoleSection {
    TODAY("/", ApiScope.STATISTICS_READ),
    CALLS("/calls", ApiScope.CALLS_READ),
    CONSENTS("/consents", ApiScope.CONSENTS_READ),
    REQUESTS("/requests", ApiScope.REQUESTS_READ),
    TEXTS("/texts", ApiScope.NOTICES_READ),
    EXPERIMENTS("/experiments", ApiScope.STATISTICS_READ),
    PROOF("/proof", ApiScope.PROOF_READ),
    TRUNKS("/trunks", ApiScope.OPERATION_READ),
    SETTINGS("/settings", ApiScope.OPERATION_READ),
    /** For everybody: each role sees figures. */
    HELP("/help", ApiScope.STATISTICS_READ);

    private final String path;
    private final ApiScope scope;

    ConsoleSection(String path, ApiScope scope) {
        this.path = path;
        this.scope = scope;
    }

    public String path() {
        return path;
    }

    public ApiScope scope() {
        return scope;
    }

    /** Under which its words stand, such as "today". */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
