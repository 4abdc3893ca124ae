package org.consentgateway.settings.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.oidc.SignInTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInSettingsTest {
    private static final Optional<URI> CONSOLE = Optional.of(URI.create("https://console.example"));
    private static final String ISSUER = "issuer: https://login.example.com";
    private static final String CLIENT = ISSUER + ", client-id: gateway";
    private static final String WHOLE = CLIENT + ", client-secret: s, roles: {staff: viewer}";

    @TempDir private Path home;

    public record Whole(Console console) {}

    public record Console(SignInConfig oidc) {}

    private SignInConfig read(String keys, boolean listens, Optional<URI> console)
            throws Exception {
        Path file = Files.writeString(home.resolve("c.yaml"), "console:\n  oidc: {" + keys + "}\n");
        return ConfigFile.read(
                        file,
                        home,
                        Whole.class,
                        List.of(),
                        (whole, complaints) ->
                                SignInSettings.check(
                                        whole.console().oidc(), listens, console, complaints))
                .console()
                .oidc();
    }

    private String wrong(String keys, boolean listens, Optional<URI> console) {
        WrongConfiguration wrong =
                catchThrowableOfType(WrongConfiguration.class, () -> read(keys, listens, console));
        assertThat(wrong.problems()).as(keys).hasSize(1);
        return wrong.problems().getFirst().key() + " " + wrong.problems().getFirst().wrong();
    }

    private String wrong(String keys) {
        return wrong(keys, true, CONSOLE);
    }

    @Test
    void whatIsSaidIsWhatPeopleComeInBy() throws Exception {
        assertThat(SignInSettings.of(read("", false, Optional.empty()), Optional.empty()))
                .isEmpty();
        SignInTerms terms =
                SignInSettings.of(
                                read(
                                        CLIENT
                                                + ", client-secret: s"
                                                + ", roles: {z: viewer, a: admin}",
                                        true,
                                        CONSOLE),
                                CONSOLE)
                        .orElseThrow();
        assertThat(terms.client().secret().get()).isEqualTo("s");
        assertThat(terms.checks().algorithms())
                .containsExactlyInAnyOrder("RS256", "PS256", "ES256");
        assertThat(terms.claims().roles().values())
                .as("in the order of the file")
                .containsExactly(ConsoleRole.VIEWER, ConsoleRole.ADMIN);
    }

    /** So that a new secret needs no restart. */
    @Test
    void aSecretInAFileIsReadAnewEachTime() throws Exception {
        Path file = Files.writeString(home.resolve("secret"), "one\n");
        SignInTerms terms =
                SignInSettings.of(
                                read(
                                        CLIENT + ", roles: {a: admin}, client-secret-file: " + file,
                                        true,
                                        CONSOLE),
                                CONSOLE)
                        .orElseThrow();
        assertThat(terms.client().secret().get()).isEqualTo("one");
        Files.writeString(file, "two\n");
        assertThat(terms.client().secret().get()).isEqualTo("two");
        Files.delete(file);
        assertThat(terms.client().secret().get()).isEmpty();
    }

    @Test
    void whatDoesNotFitTogetherIsNamed() throws Exception {
        Files.writeString(home.resolve("secret"), "s\n");
        assertThat(wrong("client-id: a"))
                .startsWith("console.oidc.issuer is missing: without it nobody signs in");
        assertThat(wrong(WHOLE, false, CONSOLE)).contains("the console does not listen");
        assertThat(wrong(WHOLE, true, Optional.empty()))
                .isEqualTo(
                        "console.url is missing: the identity provider sends browsers back there,"
                                + " to /sign-in/callback");
        assertThat(wrong(WHOLE.replace("https:", "http:")))
                .startsWith("console.oidc.issuer must be https");
        assertThat(wrong(ISSUER + ", client-secret: s, roles: {staff: viewer}"))
                .startsWith("console.oidc.client-id is missing");
        assertThat(wrong(CLIENT + ", roles: {staff: viewer}"))
                .startsWith("console.oidc.client-secret is missing");
        assertThat(wrong(CLIENT + ", client-secret-file: nothing, roles: {staff: viewer}"))
                .startsWith("console.oidc.client-secret-file must be a file whose first line");
        assertThat(wrong(WHOLE + ", client-secret-file: secret"))
                .startsWith("console.oidc.client-secret is given twice");
        assertThat(wrong(CLIENT + ", client-secret: s"))
                .isEqualTo("console.oidc.roles is missing: who has no role of ours is not let in");
        assertThat(wrong(WHOLE.replace("viewer", "viewr")))
                .contains(
                        "\"viewr\" is no role; did you mean \"viewer\"? there are viewer, service");
        assertThat(wrong(WHOLE + ", scopes: [profile]")).contains("must name openid");
        assertThat(wrong(WHOLE + ", scopes: [\"openid x\"]")).contains("a scope without spaces");
        assertThat(wrong(WHOLE + ", algorithms: [HS256]")).endsWith("not \"HS256\"");
        assertThat(wrong(WHOLE + ", roots: [nothing.pem]")).contains("console.oidc.roots");
    }
}
