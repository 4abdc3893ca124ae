package org.consentgateway.api.access;

import java.util.Set;

/**
 * Immutable. Somebody who may ask.
 *
 * @param name in the log, such as "key crm"
 */
public record ApiPrincipal(String name, Set<ApiScope> scopes) {
    public ApiPrincipal {
        scopes = Set.copyOf(scopes);
    }
}
