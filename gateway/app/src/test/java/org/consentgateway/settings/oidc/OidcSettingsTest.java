package org.consentgateway.settings.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.oidc.OidcTerms;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.WrongConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OidcSettingsTest {
    private static final String ISSUER = "issuer: https://login.example.com";
    private static final String BOTH = ISSUER + ", audience: a";

    @TempDir private Path home;

    public record Whole(Api api) {}

    public record Api(OidcConfig oidc) {}

    private OidcConfig read(String keys, boolean listens) throws Exception {
        Path file = Files.writeString(home.resolve("c.yaml"), "api:\n  oidc: {" + keys + "}\n");
        return ConfigFile.read(
                        file,
                        home,
                        Whole.class,
                        List.of(),
                        (whole, complaints) ->
                                OidcSettings.check(whole.api().oidc(), listens, complaints))
                .api()
                .oidc();
    }

    private String wrong(String keys, boolean listens) {
        WrongConfiguration wrong =
                catchThrowableOfType(WrongConfiguration.class, () -> read(keys, listens));
        assertThat(wrong.problems()).as(keys).hasSize(1);
        return wrong.problems().getFirst().key() + " " + wrong.problems().getFirst().wrong();
    }

    @Test
    void whatIsSaidIsWhatTokensAreHeldTo() throws Exception {
        assertThat(OidcSettings.of(read("", false))).isEmpty();
        OidcTerms terms =
                OidcSettings.of(
                                read(
                                        BOTH
                                                + ", scopes: {reader: \"consents:read"
                                                + "  records:read\"}, claims: {tid: one}",
                                        true))
                        .orElseThrow();
        assertThat(terms.issuer()).hasToString("https://login.example.com");
        assertThat(terms.algorithms()).containsExactlyInAnyOrder("RS256", "PS256", "ES256");
        assertThat(terms.claims().meaning())
                .containsOnlyKeys("reader")
                .containsValue(Set.of(ApiScope.CONSENTS_READ, ApiScope.RECORDS_READ));
        assertThat(terms.claims().required()).containsEntry("tid", "one");
    }

    @Test
    void whatDoesNotFitTogetherIsNamed() throws Exception {
        assertThat(wrong("audience: a", true))
                .isEqualTo("api.oidc.issuer is missing: without it no token is taken");
        assertThat(wrong(ISSUER, true)).startsWith("api.oidc.audience is missing: else whoever");
        assertThat(wrong(BOTH, false))
                .isEqualTo("api.oidc.issuer is of no use: the API does not listen (api.listen)");
        assertThat(wrong(BOTH + ", algorithms: [HS256]", true))
                .contains("since only the provider can make these")
                .endsWith("not \"HS256\"");
        assertThat(wrong(BOTH + ", algorithms: [none]", true)).endsWith("not \"none\"");
        assertThat(wrong(BOTH + ", scopes: {reader: \"consent:read\"}", true))
                .startsWith(
                        "api.oidc.scopes.reader \"consent:read\" is no scope; did you mean"
                                + " \"consents:read\"? there are consents:read, ");
        assertThat(wrong(BOTH + ", scopes: {reader: \" \"}", true))
                .isEqualTo("api.oidc.scopes.reader names no scope of ours");
        assertThat(wrong(BOTH + ", roots: [none.pem]", true))
                .startsWith("api.oidc.roots must be PEM files with certificates: ");
        Files.writeString(home.resolve("empty.pem"), "");
        assertThat(wrong(BOTH + ", roots: [empty.pem]", true))
                .startsWith("api.oidc.roots must be PEM files with certificates: ");
    }

    @ParameterizedTest
    @CsvSource({
        "https://login.example.com/realms/a, true",
        "http://127.0.0.1:8080/realms/a, true",
        "http://[::1]:8080, true",
        "http://localhost:8080, true",
        "http://login.example.com, false",
        "http://127.0.0.1.example.com, false",
        "http://localhost.example.com, false",
        "ftp://login.example.com, false",
        "https://user:password@login.example.com, false",
        "https://login.example.com/?a=b, false",
        "https://login.example.com/#a, false",
        "login.example.com, false",
        "urn:example, false"
    })
    void whoeverStandsBetweenCannotPutInKeys(String issuer, boolean right) throws Exception {
        String keys = "issuer: \"" + issuer + "\", audience: a";
        if (right) {
            assertThat(read(keys, true).issuer().orElseThrow()).hasToString(issuer);
        } else {
            assertThat(wrong(keys, true)).startsWith("api.oidc.issuer ");
        }
    }
}
