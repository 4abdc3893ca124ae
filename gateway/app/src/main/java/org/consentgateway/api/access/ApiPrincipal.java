package org.consentgateway.api.access;

import java.util.Set;

/**
 * Immutable. Somebody who may ask.
 *
 * @param name in the log, such as "key crm (k3xq7zab)": each key has another one
 * @param system whose it is, such as "key crm": the same while one key takes the place of another,
 *     so that a request that is repeated with the new one is known, and two keys ask no more often
 *     than one
 */
public record ApiPrincipal(String name, String system, Set<ApiScope> scopes) {
    public ApiPrincipal {
        scopes = Set.copyOf(scopes);
    }

    /** Who is known by one name alone. */
    public ApiPrincipal(String name, Set<ApiScope> scopes) {
        this(name, name, scopes);
    }
}
