package org.consentgateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a token says, and what becomes of it. Strangers check the same in TokenVerifiersTest. */
class ConsentTokensTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final String ISSUER = "https://gw.example.com";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private ConsentTokens tokens;

    @BeforeEach
    void open() throws Exception {
        tokens =
                new ConsentTokens(
                        new TokenKeys(JwsKeys.open(folder, "gw1", JwsKey.Algorithm.EDDSA)),
                        new ConsentTokens.Terms(ISSUER, Duration.ofHours(4)),
                        InstantSource.fixed(NOW),
                        new Random(17));
    }

    private static JsonNode part(String token, int index) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
    }

    private static DurableGrant grant() {
        return Grants.of(UUID.randomUUID(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    }

    private String status(ConsentToken token) throws Exception {
        JsonNode place = part(token.thin(), 1).at("/status/status_list");
        String list = place.path("uri").asText().substring((ISSUER + "/s/").length());
        return JSON.readTree(tokens.status(list, place.path("idx").asInt()).orElseThrow())
                .path("status")
                .asText();
    }

    @Test
    void theThinFormFitsIntoAHeaderAndSaysWhatMayBeDone() throws Exception {
        DurableGrant grant = grant();
        String token = tokens.issue(grant, "assistant", Optional.empty()).thin();

        assertThat(token.length()).isLessThanOrEqualTo(ConsentTokens.MOST_THIN);
        assertThat(token).matches("[A-Za-z0-9_.-]+");
        JsonNode header = part(token, 0);
        assertThat(header.path("typ").asText()).isEqualTo("consent+jwt");
        assertThat(header.path("alg").asText()).isEqualTo("EdDSA");
        JsonNode claims = part(token, 1);
        assertThat(claims.path("iss").asText()).isEqualTo(ISSUER);
        assertThat(claims.path("aud").asText()).isEqualTo("assistant");
        assertThat(claims.path("jti").asText()).isEqualTo(grant.record().toString());
        assertThat(claims.path("call").asText()).isEqualTo(grant.call().toString());
        assertThat(claims.path("lvl").asText()).isEqualTo("komfort");
        assertThat(claims.path("pur").asText()).isEqualTo("assistant transcript");
        assertThat(claims.path("ntc").asText()).isEqualTo("q6urq6urq6urq6ur");
        assertThat(claims.path("log").asLong()).isEqualTo(4711);
        assertThat(claims.path("iat").asLong()).isEqualTo(NOW.getEpochSecond());
        assertThat(claims.path("exp").asLong()).isEqualTo(NOW.getEpochSecond() + 4 * 3600);
        assertThat(claims.has("sub")).isFalse();
    }

    @Test
    void theFullFormHasTheTextAndThePlaceInTheLog() throws Exception {
        JsonNode claims = part(tokens.issue(grant(), "a", Optional.of("pseudonym")).full(), 1);

        assertThat(claims.at("/notice/sha256").asText()).isEqualTo(Grants.TEXT_HASH);
        assertThat(claims.at("/notice/version").asText()).isEqualTo("2026-11");
        assertThat(claims.path("log_name").asText()).isEqualTo("consent-gateway/log");
        assertThat(claims.path("until").asText()).isEqualTo("call");
        assertThat(claims.path("sub").asText()).isEqualTo("pseudonym");
    }

    @Test
    void whatWouldBeTooLongDoesWithoutTheHashThatTheFullFormHas() throws Exception {
        Purpose[] five = {
            Purpose.ASSISTANT,
            Purpose.TRANSCRIPT,
            Purpose.RECORDING,
            Purpose.LEARNING,
            Purpose.MARKETING
        };
        String token =
                tokens.issue(
                                Grants.of(UUID.randomUUID(), five),
                                "assistant",
                                Optional.of("0".repeat(CallerPseudonyms.LENGTH)))
                        .thin();

        assertThat(part(token, 1).has("ntc")).isFalse();
        assertThat(part(token, 1).path("pur").asText()).contains("marketing");
        assertThat(
                        ConsentTokens.longestThin(
                                ISSUER,
                                "assistant",
                                "komfort",
                                List.of(five).stream().map(Purpose::id).toList(),
                                true))
                .isBetween(token.length(), token.length() + 20);
    }

    @Test
    void aWithdrawalEndsAllTokensOfItsCallAndNoOthers() throws Exception {
        DurableGrant withdrawn = grant();
        ConsentToken first = tokens.issue(withdrawn, "a", Optional.empty());
        ConsentToken second = tokens.issue(withdrawn, "a", Optional.empty());
        ConsentToken other = tokens.issue(grant(), "a", Optional.empty());
        String before = listOf(first);
        tokens.told(new CallEvent.Withdrawn(Grants.facts(withdrawn.call()), "komfort", Method.KEY));

        assertThat(status(first)).isEqualTo("invalid");
        assertThat(status(second)).isEqualTo("invalid");
        assertThat(status(other)).isEqualTo("valid");
        assertThat(listOf(first)).as("the list at once, too").isNotEqualTo(before);
    }

    private String listOf(ConsentToken token) throws Exception {
        String uri = part(token.thin(), 1).at("/status/status_list/uri").asText();
        return part(tokens.statusList(uri.substring((ISSUER + "/s/").length())).orElseThrow(), 1)
                .at("/status_list/lst")
                .asText();
    }

    @Test
    void aConsentThatEndsElsewhereEndsTheTokenToo() throws Exception {
        DurableGrant grant = grant();
        ConsentToken token = tokens.issue(grant, "a", Optional.empty());
        tokens.told(
                new CallEvent.ConsentEnded(Grants.facts(grant.call()), EndOfConsent.How.WITHDRAWN));

        assertThat(status(token)).isEqualTo("invalid");
    }

    /** The talk may still be on its way to a purpose less, or an assistant is being dialled. */
    @Test
    void noTokenThatIsIssuedBehindTheEndOfItsConsentHolds() throws Exception {
        DurableGrant here = grant();
        DurableGrant elsewhere = grant();
        tokens.told(new CallEvent.Withdrawn(Grants.facts(here.call()), "komfort", Method.KEY));
        ConsentToken _ = tokens.issue(elsewhere, "a", Optional.empty());
        tokens.told(
                new CallEvent.ConsentEnded(
                        Grants.facts(elsewhere.call()), EndOfConsent.How.WITHDRAWN));

        assertThat(status(tokens.issue(here, "a", Optional.empty()))).isEqualTo("invalid");
        assertThat(status(tokens.issue(elsewhere, "a", Optional.empty()))).isEqualTo("invalid");
        assertThat(status(tokens.issue(grant(), "a", Optional.empty()))).isEqualTo("valid");
    }

    @Test
    void theTokenBehindTheEndOfOnePurposeHoldsAndThoseBeforeItDoNot() throws Exception {
        DurableGrant grant = grant();
        ConsentToken before = tokens.issue(grant, "a", Optional.empty());
        tokens.told(
                new CallEvent.PurposeDecided(
                        Grants.facts(grant.call()),
                        Purpose.TRANSCRIPT,
                        CallEvent.PurposeState.ENDED));

        assertThat(status(before)).isEqualTo("invalid");
        assertThat(status(tokens.issue(grant, "a", Optional.empty()))).isEqualTo("valid");
    }

    @Test
    void placesAreGivenByChanceAndOnlyOnce() throws Exception {
        Set<Integer> places = new HashSet<>();
        boolean inOrder = true;
        int before = -1;
        for (int i = 0; i < 200; i++) {
            String token = tokens.issue(grant(), "a", Optional.empty()).thin();
            int place = part(token, 1).at("/status/status_list/idx").asInt();
            inOrder &= place > before;
            before = place;
            places.add(place);
        }

        assertThat(places).hasSize(200);
        assertThat(inOrder).isFalse();
    }

    @Test
    void aPlaceOutsideOfEveryListIsNoPlace() throws Exception {
        ConsentToken token = tokens.issue(grant(), "a", Optional.empty());
        String uri = part(token.thin(), 1).at("/status/status_list/uri").asText();
        String list = uri.substring((ISSUER + "/s/").length());

        assertThat(tokens.status(list, StatusList.SIZE)).isEmpty();
        assertThat(tokens.status(list, -1)).isEmpty();
        assertThat(tokens.status("other", 0)).isEmpty();
        assertThat(tokens.statusList("other")).isEmpty();
    }

    @Test
    void theStandardsExampleOfTwoBitsIsReadAsItSays() {
        // draft-ietf-oauth-status-list §4.1, figure of bits = 2
        int[] statuses = {1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3};
        StatusList list = new StatusList("id");
        for (int i = 0; i < statuses.length; i++) {
            int value = statuses[i];
            if (value != 2) {
                list.set(i, TokenStatus.of(value));
            }
        }
        for (int i = 0; i < statuses.length; i++) {
            assertThat(list.status(i).value).isEqualTo(statuses[i] == 2 ? 0 : statuses[i]);
        }
    }

    @Test
    void aPseudonymIsAlwaysTheSameForANumberAndTellsNothingOfIt() {
        var key = org.consentgateway.ledger.keys.SecretKeys.Key.create();
        CallerPseudonyms pseudonyms = new CallerPseudonyms(key);
        String pseudonym = pseudonyms.of("+491701234567");

        assertThat(pseudonym).hasSize(CallerPseudonyms.LENGTH).matches("[A-Za-z0-9_-]+");
        assertThat(new CallerPseudonyms(key).of("+491701234567")).isEqualTo(pseudonym);
        assertThat(pseudonyms.of("+491701234568")).isNotEqualTo(pseudonym);
    }
}
