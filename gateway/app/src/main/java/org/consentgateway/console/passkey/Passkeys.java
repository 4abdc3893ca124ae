package org.consentgateway.console.passkey;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Thread-safe. Keys in people's devices by which they sign in, without a name and a password: the
 * device asks for a finger, a face or a PIN, and signs our challenge for this site alone.
 */
public final class Passkeys {
    /** Of the whole name: what people call a device. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,40}");

    private static final String NO_ROOM = "known, or one too many";

    private final PasskeyFile file;
    private final AccountFile accounts;
    private final PasskeyVerifier verifier;
    private final InstantSource clock;
    private final URI console;
    private final PasskeyChallenges making = new PasskeyChallenges();
    private final PasskeyChallenges signing = new PasskeyChallenges();

    /**
     * @param console by which browsers reach it; its host is the site that keys belong to
     */
    public Passkeys(PasskeyFile file, AccountFile accounts, URI console, InstantSource clock) {
        this.file = file;
        this.accounts = accounts;
        this.verifier = new PasskeyVerifier(console);
        this.clock = clock;
        this.console = console;
    }

    /** Browsers know keys of names, not of addresses (WebAuthn §5.1.3). */
    public static boolean arePossible(URI console) {
        String host = console.getHost();
        return host != null && !host.contains(":") && !host.matches("[0-9.]+");
    }

    /** Where pages have to come from for it, such as "https://consent.example.com". */
    public String origin() {
        return console.getScheme() + "://" + console.getAuthority();
    }

    public List<Passkey> of(ConsoleAccount account) throws IOException {
        return file.of(account);
    }

    /**
     * For a browser whose owner is signed in and has just shown again who they are.
     *
     * @param browser what nobody but it knows
     * @return PublicKeyCredentialCreationOptionsJSON (WebAuthn §5.4)
     */
    public ObjectNode make(ConsoleAccount account, String browser) throws IOException {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.putObject("rp").put("id", verifier.site()).put("name", "Consent gateway");
        options.putObject("user")
                .put("id", Passkey.handle(account))
                .put("name", account.name())
                .put("displayName", account.person());
        options.put("challenge", text(making.give(browser, account.name(), clock.instant())));
        var algorithms = options.putArray("pubKeyCredParams");
        for (COSEAlgorithmIdentifier each : PasskeyVerifier.ALGORITHMS) {
            algorithms.addObject().put("type", "public-key").put("alg", each.getValue());
        }
        options.put("timeout", PasskeyChallenges.LONGEST.toMillis());
        var known = options.putArray("excludeCredentials");
        for (Passkey each : file.of(account)) {
            known.addObject().put("type", "public-key").put("id", each.id());
        }
        options.putObject("authenticatorSelection")
                .put("residentKey", "required")
                .put("requireResidentKey", true)
                .put("userVerification", "required");
        return options.put("attestation", "none");
    }

    /** Leaves in the log that a key is made. */
    @FunctionalInterface
    public interface MakingRecord {
        void leave() throws LedgerUnavailable;
    }

    /**
     * @param response RegistrationResponseJSON
     * @param record is left before the key opens anything
     * @throws PasskeyRefused where it is not what was asked for
     * @throws LedgerUnavailable where it cannot be recorded: then there is no key
     */
    public void made(
            ConsoleAccount account,
            String browser,
            String name,
            String response,
            MakingRecord record)
            throws IOException, PasskeyRefused, LedgerUnavailable {
        Instant now = clock.instant();
        byte[] challenge =
                making.take(browser, now)
                        .orElseThrow(() -> new PasskeyRefused("challenge is used or too old"));
        if (!NAME.matcher(name).matches()) {
            throw new PasskeyRefused("no name");
        }
        PasskeyVerifier.Made made = verifier.made(response, challenge);
        var key =
                new Passkey(
                        made.id(),
                        account.name(),
                        Passkey.handle(account),
                        name,
                        made.key(),
                        made.state(),
                        now,
                        Instant.EPOCH);
        if (!file.takes(key)) {
            throw new PasskeyRefused(NO_ROOM);
        }
        record.leave();
        if (!file.add(key)) { // another one came meanwhile
            throw new PasskeyRefused(NO_ROOM);
        }
    }

    /**
     * @return false where it is gone, or of another account
     */
    public boolean remove(ConsoleAccount account, String id) throws IOException {
        return file.remove(account, id);
    }

    /**
     * For whoever wants to sign in.
     *
     * @param browser what nobody but it knows
     * @param source where it is
     * @return PublicKeyCredentialRequestOptionsJSON (WebAuthn §5.5)
     */
    public ObjectNode ask(String browser, String source) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("challenge", text(signing.give(browser, source, clock.instant())))
                .put("rpId", verifier.site())
                .put("timeout", PasskeyChallenges.LONGEST.toMillis())
                .put("userVerification", "required");
    }

    /**
     * @param response AuthenticationResponseJSON
     * @return whose key it is
     * @throws PasskeyRefused where it opens nothing
     */
    public ConsoleAccount signed(String browser, String response)
            throws IOException, PasskeyRefused {
        Instant now = clock.instant();
        byte[] challenge =
                signing.take(browser, now)
                        .orElseThrow(() -> new PasskeyRefused("challenge is used or too old"));
        PasskeyVerifier.Shown shown = verifier.shown(response);
        Optional<Passkey> known = file.withId(shown.id());
        Optional<ConsoleAccount> account =
                known.isEmpty() ? Optional.empty() : accounts.named(known.get().account());
        if (account.isEmpty() || !known.get().isOf(account.get())) {
            throw new PasskeyRefused("passkey: unknown");
        }
        Passkey key = known.get();
        if (!key.handle().equals(shown.handle())) {
            throw new PasskeyRefused("passkey: of another account");
        }
        Passkey.State state = verifier.signed(shown, key, challenge);
        if (!file.replace(key, key.used(state, now))) {
            throw new PasskeyRefused("passkey: used twice at once");
        }
        return account.get();
    }

    private static String text(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
