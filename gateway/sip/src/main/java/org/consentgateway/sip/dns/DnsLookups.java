package org.consentgateway.sip.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupFailedException;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * Asks name servers and the hosts file; answers are kept for as long as their TTL says.
 * Thread-safe. Waits at most {@link #PATIENCE} for one question.
 */
public final class DnsLookups implements Dns {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration PER_TRY = Duration.ofSeconds(1);
    private static final int TRIES = 2;

    /** Behind the addresses of one family those of the other are waited for so long. */
    private static final Duration OTHER_FAMILY = Duration.ofMillis(200);

    /** A domain that is not there yet is looked for again after so long at most. */
    private static final int MAX_NEGATIVE_SECONDS = 60;

    private final LookupSession session;

    private DnsLookups(Resolver resolver) {
        Cache cache = new Cache(DClass.IN);
        cache.setMaxNCache(MAX_NEGATIVE_SECONDS);
        session = LookupSession.defaultBuilder().resolver(resolver).cache(cache).build();
    }

    /** The name servers of this machine. */
    public static DnsLookups ofThisMachine() {
        return new DnsLookups(patient(new ExtendedResolver()));
    }

    /** These name servers, the first that answers counts; this machine's where there are none. */
    public static DnsLookups of(List<InetSocketAddress> servers) {
        if (servers.isEmpty()) {
            return ofThisMachine();
        }
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setTimeout(PER_TRY);
            resolvers.add(resolver);
        }
        return new DnsLookups(patient(new ExtendedResolver(resolvers)));
    }

    private static Resolver patient(ExtendedResolver resolver) {
        for (Resolver each : resolver.getResolvers()) {
            each.setTimeout(PER_TRY);
        }
        resolver.setTimeout(PATIENCE);
        resolver.setRetries(TRIES);
        return resolver;
    }

    @Override
    public List<Naptr> naptr(String domain) throws Unavailable {
        return records(absolute(domain), Type.NAPTR).stream()
                .map(NAPTRRecord.class::cast)
                .map(record ->
                        new Naptr(
                                record.getOrder(),
                                record.getPreference(),
                                record.getFlags(),
                                record.getService(),
                                record.getReplacement().toString(true)))
                .toList();
    }

    @Override
    public List<Srv> srv(String name) throws Unavailable {
        return records(absolute(name), Type.SRV).stream()
                .map(SRVRecord.class::cast)
                .map(record ->
                        new Srv(
                                record.getPriority(),
                                record.getWeight(),
                                record.getPort(),
                                record.getTarget().toString(true)))
                .toList();
    }

    @Override
    public List<InetAddress> addresses(String host, Predicate<InetAddress> reachable)
            throws Unavailable {
        InetAddress literal = SipText.address(host);
        if (literal != null) {
            return List.of(literal);
        }
        // A short name may be meant within the search domain of this machine.
        Name name = host.contains(".") ? absolute(host) : name(host, null);
        CompletableFuture<LookupResult> six = ask(name, Type.AAAA);
        CompletableFuture<LookupResult> four = ask(name, Type.A);
        awaitEither(six, four, reachable);
        List<InetAddress> addresses = new ArrayList<>();
        Unavailable failed = null;
        for (var family : List.of(six, four)) {
            try {
                records(family, Type.A, Duration.ZERO).stream()
                        .map(DnsLookups::address)
                        .forEach(addresses::add);
            } catch (Unavailable unavailable) {
                failed = unavailable;
            }
        }
        if (failed != null && addresses.stream().noneMatch(reachable)) {
            throw failed;
        }
        return addresses;
    }

    /**
     * Until both are answered, or one is by an address that can be reached and the other is late:
     * name servers and firewalls there are that drop what asks for IPv6.
     */
    private static void awaitEither(
            CompletableFuture<LookupResult> six,
            CompletableFuture<LookupResult> four,
            Predicate<InetAddress> reachable)
            throws Unavailable {
        var one = new CompletableFuture<Void>();
        for (var family : List.of(six, four)) {
            var _ =
                    family.thenAccept(told -> {
                        if (told.getRecords().stream()
                                .map(DnsLookups::address)
                                .anyMatch(reachable)) {
                            long late = OTHER_FAMILY.toMillis();
                            var _ = one.completeOnTimeout(null, late, TimeUnit.MILLISECONDS);
                        }
                    });
        }
        try {
            Object _ =
                    CompletableFuture.anyOf(CompletableFuture.allOf(six, four), one)
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException untold) {
            // What each of them came to is looked at by itself.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted");
        }
    }

    private static InetAddress address(Record record) {
        return record instanceof AAAARecord six
                ? six.getAddress()
                : ((ARecord) record).getAddress();
    }

    private static Name absolute(String text) throws Unavailable {
        return name(text, Name.root);
    }

    private static Name name(String text, @Nullable Name origin) throws Unavailable {
        try {
            return Name.fromString(text, origin);
        } catch (TextParseException noName) {
            throw new Unavailable("not a domain name");
        }
    }

    private CompletableFuture<LookupResult> ask(Name name, int type) {
        return session.lookupAsync(name, type).toCompletableFuture();
    }

    private List<Record> records(Name name, int type) throws Unavailable {
        return records(ask(name, type), type, PATIENCE);
    }

    private static List<Record> records(
            CompletableFuture<LookupResult> asked, int type, Duration patience) throws Unavailable {
        try {
            return asked.get(patience.toMillis(), TimeUnit.MILLISECONDS).getRecords();
        } catch (ExecutionException failed) {
            Throwable why = failed.getCause();
            if (why instanceof NoSuchDomainException || why instanceof NoSuchRRSetException) {
                return List.of();
            }
            if (type == Type.NAPTR && isDeclined(why)) {
                // Some name servers cannot do it; those without NAPTR have SRV (RFC 3263 §4.1).
                return List.of();
            }
            throw new Unavailable("no answer from the DNS");
        } catch (TimeoutException late) {
            throw new Unavailable("no answer from the DNS in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted");
        }
    }

    /** SERVFAIL, or any other code that is neither yes nor no, such as NOTIMP and REFUSED. */
    private static boolean isDeclined(@Nullable Throwable why) {
        return why instanceof ServerFailedException
                || (why != null && why.getClass().equals(LookupFailedException.class));
    }
}
