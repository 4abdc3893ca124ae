package org.consentgateway.console.account;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.consentgateway.web.Attempts;

/**
 * Thread-safe. Checks name, password and code, always all of it: from neither the answer nor the
 * time it takes can be told which of them was wrong, or whether there is such an account.
 */
public final class SignIn {
    /** Of one account from one address: then one each half-minute, which is one code each. */
    private static final int AT_ONCE = 5;

    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** Of one account from everywhere: far more than one address has, so that none uses them up. */
    private static final int AT_ONCE_OF_ACCOUNT = 60;

    private static final Duration PAUSE_OF_ACCOUNT = Duration.ofSeconds(1);

    /** Codes of one account, from everywhere, by whoever has its password: 8,640 a day. */
    private static final int CODES_AT_ONCE = 20;

    private static final Duration PAUSE_OF_CODES = Duration.ofSeconds(10);

    /** From one address, behind which may be a whole company. */
    private static final int AT_ONCE_FROM_ADDRESS = 30;

    private static final Duration PAUSE_OF_ADDRESS = Duration.ofSeconds(2);

    private static final int LONGEST = 200;

    private final AccountFile accounts;
    private final InstantSource clock;
    private final InstantSource machine;
    private final TotpSecret nobodys = TotpSecret.mint(new SecureRandom());
    private final HashingThread thread = new HashingThread();
    private final HashBudget budget = new HashBudget();
    private final TurnedAway turnedAway = new TurnedAway();
    private final Attempts ofAccountFromAddress = new Attempts(AT_ONCE, PAUSE);
    private final Attempts ofAccount = new Attempts(AT_ONCE_OF_ACCOUNT, PAUSE_OF_ACCOUNT);

    /** Of accounts that there are, so that none of them is ever forgotten for others. */
    private final Attempts codes = new Attempts(CODES_AT_ONCE, PAUSE_OF_CODES);

    private final Attempts fromAddress = new Attempts(AT_ONCE_FROM_ADDRESS, PAUSE_OF_ADDRESS);

    private final UsedCodes used;

    /** What came of it. */
    public sealed interface Result {
        record In(ConsoleAccount account) implements Result {}

        /**
         * @param account of which there is one; empty: what was typed may be a password
         */
        record Wrong(Optional<ConsoleAccount> account) implements Result {}

        record TooOften() implements Result {}

        /** Too many others try: it was not looked at, and counts for no account. */
        record Busy() implements Result {}
    }

    /**
     * @param clock of what is written, which goes on by the time of before where the machine's is
     *     set
     * @param machine the machine's clock as it is: a code by either opens, since nobody knows yet
     *     which of them goes with people's telephones
     */
    public SignIn(AccountFile accounts, InstantSource clock, InstantSource machine) {
        this.accounts = accounts;
        this.used = new UsedCodes(accounts.beside(".codes"));
        this.clock = clock;
        this.machine = machine;
    }

    /**
     * @param address from which it is tried
     * @throws IOException where the accounts cannot be read
     */
    public Result attempt(String name, char[] password, String code, String address)
            throws IOException {
        Instant now = clock.instant();
        String here = name + ' ' + address;
        if (!fromAddress.take(address, now)
                || name.length() > LONGEST
                || password.length > LONGEST
                || !ofAccountFromAddress.take(here, now)
                || !ofAccount.take(name, now)) {
            return new Result.TooOften();
        }
        Optional<ConsoleAccount> account = accounts.named(name);
        PasswordHash hash = account.map(ConsoleAccount::password).orElse(PasswordHash.NOBODYS);
        Optional<Boolean> right = matches(hash, password, address, now);
        if (right.isEmpty()) {
            ofAccountFromAddress.giveBack(here);
            ofAccount.giveBack(name);
            turnedAway.one(now);
            return new Result.Busy();
        }
        OptionalLong step = stepOf(account.map(ConsoleAccount::totp).orElse(nobodys), code, now);
        // Without a code left the answer is the same: else it would tell that the password is
        // right.
        if (account.isEmpty()
                || !right.get()
                || !codes.take(name, now)
                || step.isEmpty()
                || !isNew(name, step.getAsLong(), now)) {
            return new Result.Wrong(account);
        }
        ofAccountFromAddress.forget(here);
        ofAccount.forget(name);
        codes.forget(name);
        budget.know(address, now);
        return new Result.In(account.get());
    }

    /**
     * The same of whoever is signed in, however they did: no stranger takes up their place.
     *
     * @throws IOException where the accounts cannot be read
     */
    public Result again(ConsoleAccount account, char[] password, String code, String address)
            throws IOException {
        budget.know(address, clock.instant());
        return attempt(account.name(), password, code, address);
    }

    /** How many were not looked at since there were too many. */
    public long turnedAway() {
        return turnedAway.count();
    }

    /** By both clocks, whichever is right. */
    private OptionalLong stepOf(TotpSecret totp, String code, Instant now) {
        OptionalLong step = totp.stepOf(code, now);
        OptionalLong asSet = totp.stepOf(code, machine.instant());
        return step.isPresent() ? step : asSet;
    }

    /** Empty where it is not looked at. */
    private Optional<Boolean> matches(
            PasswordHash hash, char[] password, String address, Instant now) {
        boolean known = budget.isKnown(address, now);
        return known || budget.take(address, now)
                ? thread.answer(() -> hash.matches(password), known)
                : Optional.empty();
    }

    private boolean isNew(String name, long step, Instant now) {
        long newest =
                Math.max(TotpSecret.newestStep(now), TotpSecret.newestStep(machine.instant()));
        return used.use(name, step, newest);
    }
}
