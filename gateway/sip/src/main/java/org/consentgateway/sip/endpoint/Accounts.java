package org.consentgateway.sip.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.Leg;
import org.consentgateway.sip.registration.Registered;
import org.consentgateway.sip.registration.Registering;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * The accounts by which calls go and come. Thread-safe. One that is taken away stays registered
 * until the calls have ended that its trunk has at that moment: over a connection, they depend on
 * it.
 */
final class Accounts implements AutoCloseable {
    private static final long SWEEP_MILLIS = 1000;

    /** At the end, for two answers of each registrar, with one packet lost on the way. */
    private static final long LAST_ANSWERS_MILLIS = 1000;

    private final KnownSources sources;
    private final DialogTable dialogs;
    private volatile List<Registering> inUse = List.of();

    /** Guarded by this. Registered still, and used no more; in the order in which they left. */
    private final List<Registering> leaving = new ArrayList<>();

    /** Of those in use, those that are kept registered by this node. */
    private final Set<Registering> registering = ConcurrentHashMap.newKeySet();

    private volatile Predicate<String> here;

    /**
     * @param here names of the trunks that this node is to keep registered
     */
    Accounts(KnownSources sources, DialogTable dialogs, Predicate<String> here) {
        this.sources = sources;
        this.dialogs = dialogs;
        this.here = here;
    }

    List<Account> inUse() {
        return inUse.stream().map(Registering::account).toList();
    }

    /** The user part by which this trunk may address us; empty if it has no account. */
    String userOf(Trunk trunk) {
        Registering one = of(trunk.name());
        return one == null ? "" : one.account().user();
    }

    /** That of a trunk; null if it has none. */
    @Nullable Registering of(String trunk) {
        return first(one -> one.trunk().equals(trunk));
    }

    private @Nullable Registering first(Predicate<Account> such) {
        return inUse.stream().filter(one -> such.test(one.account())).findFirst().orElse(null);
    }

    /** How each stands that is kept registered. */
    List<Registered> states() {
        return inUse.stream().filter(registering::contains).map(Registering::state).toList();
    }

    /** Names of the trunks that some node has to keep registered. */
    Set<String> toRegister() {
        return inUse().stream()
                .filter(Account::registers)
                .map(Account::trunk)
                .collect(Collectors.toSet());
    }

    /**
     * Keeps these trunks registered from now on, and leaves the others to other nodes: a
     * registration is taken back when the calls have ended that the trunk has here.
     */
    synchronized void registerHere(Stack stack, Set<String> trunks) {
        here = Set.copyOf(trunks)::contains;
        List<Registering> now = new ArrayList<>(inUse);
        List<Registering> left = new ArrayList<>();
        for (Registering one : inUse) {
            if (!here.test(one.account().trunk()) && registering.remove(one)) {
                left.add(one);
                now.set(now.indexOf(one), new Registering(stack, sources, one.account()));
            }
        }
        inUse = List.copyOf(now);
        left.forEach(one -> leave(stack, one));
        begin(stack);
    }

    private void begin(Stack stack) {
        inUse.stream()
                .filter(one -> one.account().registers() && here.test(one.account().trunk()))
                .filter(registering::add)
                .forEach(one -> stack.later(0, one::register));
    }

    private void leave(Stack stack, Registering one) {
        leaving.add(one);
        String trunk = one.account().trunk();
        Set<Leg> theirs = dialogs.such(leg -> leg.by().equals(trunk));
        stack.later(0, () -> sweep(stack, one, theirs));
    }

    /**
     * Comes before {@link #use}. Trunks that register elsewhere by these, or no more, have done
     * with the registrar they had: its servers are theirs no longer, although it may still be asked
     * until their calls have ended.
     *
     * @return names of these trunks
     */
    synchronized Set<String> leaveRegistrars(List<Account> next) {
        Set<String> elsewhere = elsewhere(next);
        Stream.concat(inUse.stream(), leaving.stream())
                .filter(one -> elsewhere.contains(one.account().trunk()))
                .forEach(Registering::learnNoMore);
        return elsewhere;
    }

    private Set<String> elsewhere(List<Account> next) {
        return inUse().stream()
                .filter(before ->
                        next.stream()
                                .noneMatch(now ->
                                        now.trunk().equals(before.trunk())
                                                && isAtTheSame(now, before)))
                .map(Account::trunk)
                .collect(Collectors.toSet());
    }

    /** These instead of those before; whoever is the same goes on as it is. */
    synchronized void use(Stack stack, List<Account> next) {
        List<Registering> before = new ArrayList<>(inUse);
        List<Registering> now = new ArrayList<>();
        for (Account account : next) {
            Registering known = first(account::equals);
            if (known == null) {
                known = new Registering(stack, sources, account);
            }
            before.remove(known);
            now.add(known);
        }
        inUse = List.copyOf(now);
        for (Registering one : before) {
            if (!registering.remove(one) || isOneOf(next.stream(), one)) {
                one.stop();
            } else {
                leave(stack, one);
            }
        }
        begin(stack);
    }

    private static boolean isAtTheSame(Account one, Account other) {
        return one.domain().equals(other.domain()) && one.proxy().equals(other.proxy());
    }

    /**
     * Whether one of these has its binding at the registrar (RFC 3261 §10.3): to take it back would
     * take back theirs as well.
     */
    private static boolean isOneOf(Stream<Account> these, Registering one) {
        return these.anyMatch(account -> isSameBinding(account, one.account()));
    }

    private static boolean isSameBinding(Account one, Account other) {
        return isAtTheSame(one, other) && one.user().equals(other.user()) && one.registers();
    }

    /**
     * @param theirs calls on whose end it waits
     */
    private void sweep(Stack stack, Registering one, Set<Leg> theirs) {
        if (dialogs.has(theirs::contains)) {
            stack.later(SWEEP_MILLIS, () -> sweep(stack, one, theirs));
            return;
        }
        synchronized (this) {
            int place = leaving.indexOf(one);
            if (place < 0) {
                return;
            }
            Registering _ = leaving.remove(place);
            // Put back meanwhile; or put back and taken away once more, with calls of its own.
            var later = Stream.concat(registering.stream(), leaving.stream().skip(place));
            if (isOneOf(later.map(Registering::account), one)) {
                one.stop();
                return;
            }
        }
        CompletableFuture<Boolean> _ = one.unregister();
    }

    /**
     * Takes all registrations back. A registrar that wants a password asks for it again, and with
     * the stack that could not be answered any more: it is waited for, shortly.
     */
    @Override
    public void close() {
        List<Registering> all = new ArrayList<>(inUse);
        synchronized (this) {
            all.addAll(leaving);
            leaving.clear();
        }
        CompletableFuture.allOf(
                        all.stream().map(Registering::unregister).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_ANSWERS_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }
}
