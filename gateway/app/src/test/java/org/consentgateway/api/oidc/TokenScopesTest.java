package org.consentgateway.api.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.api.access.ApiScope.CONSENTS_READ;
import static org.consentgateway.api.access.ApiScope.RECORDS_READ;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;
import org.junit.jupiter.api.Test;

class TokenScopesTest {
    private static Set<ApiScope> of(
            String claim, Map<String, Set<ApiScope>> meaning, Map<String, Object> token) {
        return new TokenScopes(new OidcTerms.Claims("sub", claim, meaning, Map.of())).of(token);
    }

    @Test
    void wordsStandInATextOrAListOrDeeper() {
        String both = "consents:read  records:read";
        assertThat(of("scope", Map.of(), Map.of("scope", both)))
                .containsExactlyInAnyOrder(CONSENTS_READ, RECORDS_READ);
        assertThat(of("scp", Map.of(), Map.of("scp", List.of("records:read"))))
                .containsExactly(RECORDS_READ);
        assertThat(
                        of(
                                "realm_access.roles",
                                Map.of(),
                                Map.of("realm_access", Map.of("roles", List.of("records:read")))))
                .containsExactly(RECORDS_READ);
        assertThat(
                        of(
                                "https://a.example/roles",
                                Map.of(),
                                Map.of("https://a.example/roles", "records:read")))
                .containsExactly(RECORDS_READ);
    }

    @Test
    void whereWordsHaveAMeaningNoOtherCounts() {
        Map<String, Set<ApiScope>> meaning = Map.of("reader", Set.of(CONSENTS_READ));
        assertThat(of("roles", meaning, Map.of("roles", List.of("reader", "records:read"))))
                .containsExactly(CONSENTS_READ);
    }

    @Test
    void whatIsNoneAllowsNothing() {
        assertThat(of("scope", Map.of(), Map.of())).isEmpty();
        assertThat(of("scope", Map.of(), Map.of("scope", 7))).isEmpty();
        assertThat(of("scope", Map.of(), Map.of("scope", Map.of("a", "records:read")))).isEmpty();
        assertThat(of("a.b", Map.of(), Map.of("a", "records:read"))).isEmpty();
        assertThat(of("scope", Map.of(), Map.of("scope", "records:*  RECORDS:READ"))).isEmpty();
    }
}
