package org.consentgateway.console.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.consentgateway.api.oidc.ClaimWords;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.consentgateway.api.oidc.ProviderKeys;
import org.consentgateway.api.oidc.TokenProblem;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.ConsoleUser;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Signing in by an account of an identity provider (OpenID Connect Core §3.1):
 *
 * <pre>
 *   browser                     gateway                                 provider
 *   GET /sign-in/provider ────► state, nonce, PKCE and a cookie
 *   ◄────────────────────────── 303 ───────────────────────────────────► signs in there
 *   GET /sign-in/callback ────► state of this very browser, iss
 *                               code, verifier, secret ─────────────────► token endpoint
 *                               ID token: signature, iss, aud, azp, ◄────
 *                               exp, iat, nonce; a role of ours
 *   ◄────────────────────────── a session
 * </pre>
 */
public final class ProviderSignIn {
    public static final String CALLBACK = "/sign-in/callback";

    private static final int OCTETS = 32;

    /** Characters of what a provider says in our log. */
    private static final int LONGEST_TEXT = 100;

    /** A header of an answer takes no more than some thousand. */
    private static final int LONGEST_HINT = 4_000;

    private final SignInTerms terms;
    private final KnownProvider provider;
    private final TokenExchange exchange;
    private final IdTokens tokens;
    private final InstantSource clock;
    private final PendingSignIns pending = new PendingSignIns();
    private final SecureRandom random = new SecureRandom();

    /**
     * @param nanos as {@link System#nanoTime}
     */
    public ProviderSignIn(
            SignInTerms terms,
            ProviderDocuments documents,
            InstantSource clock,
            LongSupplier nanos) {
        this.terms = terms;
        this.clock = clock;
        this.provider = new KnownProvider(documents, clock);
        this.exchange = new TokenExchange(terms, documents);
        this.tokens =
                new IdTokens(
                        terms,
                        new ProviderKeys(documents, clock, nanos, "accounts of the gateway"),
                        clock);
    }

    /**
     * Where a browser is sent, and what it has to bring back.
     *
     * @param browser for its cookie
     */
    public record Begun(URI there, String browser) {}

    /** What came of it. */
    public sealed interface Result {
        /**
         * @param signOut where the browser ends its session with the provider, too
         */
        record In(ConsoleUser user, Optional<URI> signOut) implements Result {}

        /**
         * @param why for the log
         */
        record Refused(String why) implements Result {}

        /**
         * The provider knows them, and we have nothing for them to do.
         *
         * @param name of the account
         * @param why for the log
         */
        record NotOurs(String name, String why) implements Result {}

        /** Nobody was sent there like this, or it is too long ago. */
        record Unknown(String why) implements Result {}

        record Down() implements Result {}
    }

    /** What a provider sends back by a browser; empty where it is missing. */
    public record Returned(String state, String code, String error, String issuer) {}

    /** Whether the provider did not answer when it was asked last. */
    public boolean failing() {
        return provider.failing();
    }

    /**
     * @param source where the browser is
     * @throws IOException where the provider does not answer
     */
    public Begun begin(String source) throws IOException {
        ProviderAddresses now = provider.addresses();
        String state = random();
        var one = new PendingSignIns.Pending(random(), random(), random(), now, clock.instant());
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", terms.client().id());
        query.put("redirect_uri", terms.callback().toString());
        query.put("scope", String.join(" ", terms.scopes()));
        query.put("state", state);
        query.put("nonce", one.nonce());
        query.put("code_challenge", challenge(one.verifier()));
        query.put("code_challenge_method", "S256");
        pending.add(state, source, one);
        return new Begun(with(now.authorization(), query), one.browser());
    }

    /** RFC 7636 §4.2. */
    private static String challenge(String verifier) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Digests.of(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    private static URI with(URI address, Map<String, String> query) {
        String joint = address.getRawQuery() == null ? "?" : "&";
        return URI.create(address + joint + TokenExchange.encoded(query));
    }

    /**
     * @param browser what its cookie says
     */
    public Result finish(Returned returned, String browser) {
        Optional<PendingSignIns.Pending> taken =
                pending.take(returned.state(), browser, clock.instant());
        if (taken.isEmpty()) {
            return new Result.Unknown(
                    pending.isThere(returned.state())
                            ? "state of another browser"
                            : "state is unknown, used or too old");
        }
        PendingSignIns.Pending one = taken.get();
        if (isOfAnother(returned.issuer(), one.provider())) {
            return new Result.Refused("answer of another issuer");
        }
        if (!returned.error().isEmpty() || returned.code().isEmpty()) {
            return new Result.Refused("provider: " + ProviderError.of(returned.error(), "no code"));
        }
        return exchanged(returned.code(), one);
    }

    /** RFC 9207: so that no other provider's code is shown to this one, or the other way round. */
    private boolean isOfAnother(String issuer, ProviderAddresses asked) {
        return issuer.isEmpty() ? asked.namesItself() : !issuer.equals(terms.issuer().toString());
    }

    private Result exchanged(String code, PendingSignIns.Pending one) {
        try {
            String token = exchange.idToken(code, one);
            JWTClaimsSet claims = tokens.checked(token, one.nonce(), one.begun());
            return known(claims, signOut(one.provider(), token));
        } catch (TokenExchange.CodeRefused e) {
            return new Result.Refused(String.valueOf(e.getMessage()));
        } catch (ParseException e) {
            return new Result.Refused("ID token: cannot be read");
        } catch (BadJOSEException e) {
            return new Result.Refused("ID token: " + shortened(TokenProblem.words(e)));
        } catch (IOException | KeySourceException e) {
            return new Result.Down();
        } catch (JOSEException e) {
            return new Result.Refused("ID token: cannot be checked");
        }
    }

    private Result known(JWTClaimsSet claims, Optional<URI> signOut) {
        @Nullable Object named = claims.getClaim(terms.claims().account());
        String account = named == null ? "" : named.toString().strip();
        if (account.isEmpty() || !account.equals(shortened(account))) {
            return new Result.Refused("ID token: no " + terms.claims().account());
        }
        String name = "oidc:" + account;
        Optional<ConsoleRole> role = role(claims);
        if (role.isEmpty()) {
            return new Result.NotOurs(name, "no role of ours in " + terms.claims().role());
        }
        String person = Objects.toString(claims.getClaim(terms.claims().person()), "").strip();
        if (!ConsoleAccount.isPerson(person)) {
            return new Result.NotOurs(name, "no name of a person in " + terms.claims().person());
        }
        return new Result.In(new ConsoleUser(name, person, role.get()), signOut);
    }

    private Optional<ConsoleRole> role(JWTClaimsSet claims) {
        List<String> words = ClaimWords.of(claims.getClaims(), terms.claims().role());
        return terms.claims().roles().entrySet().stream()
                .filter(each -> words.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** OpenID Connect RP-Initiated Logout §2. */
    private Optional<URI> signOut(ProviderAddresses addresses, String token) {
        Map<String, String> query = new LinkedHashMap<>();
        if (token.length() <= LONGEST_HINT) {
            query.put("id_token_hint", token);
        }
        query.put("client_id", terms.client().id());
        query.put("post_logout_redirect_uri", terms.afterSignOut().toString());
        return addresses.endSession().map(address -> with(address, query));
    }

    private String random() {
        byte[] octets = new byte[OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** On one line of our log. */
    private static String shortened(String any) {
        String one = any.replaceAll("\\p{Cntrl}", " ");
        return one.length() > LONGEST_TEXT ? one.substring(0, LONGEST_TEXT) : one;
    }
}
