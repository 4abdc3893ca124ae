package org.consentgateway.settings.witness;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.config.Complaints;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.WitnessKey;

/** Whose cosignatures the log needs, from {@code store.witnesses} and {@code store.quorum}. */
public final class WitnessSettings {
    /** Means nobody in a policy. */
    private static final String NONE = "none";

    private WitnessSettings() {}

    /** Of a configuration that was checked. */
    public static TrustPolicy policy(List<WitnessConfig> all, String quorum) {
        List<TrustPolicy.Witness> witnesses = new ArrayList<>();
        for (WitnessConfig one : asked(all)) {
            WitnessKey key =
                    WitnessKey.parse(one.key())
                            .orElseThrow(() -> new IllegalStateException("not checked"));
            witnesses.add(new TrustPolicy.Witness(one.name(), key, one.url()));
        }
        return TrustPolicy.of(witnesses, needed(all, quorum));
    }

    private static List<WitnessConfig> asked(List<WitnessConfig> all) {
        return all.stream().filter(WitnessConfig::enabled).toList();
    }

    private static int needed(List<WitnessConfig> all, String quorum) {
        return quorum.equals("all") ? asked(all).size() : Integer.parseInt(quorum);
    }

    /**
     * @param hasOrigin whether the logs have a name of their own
     */
    public static void check(
            List<WitnessConfig> all, String quorum, boolean hasOrigin, Complaints complaints) {
        if (asked(all).isEmpty()) {
            return;
        }
        if (!hasOrigin) {
            complaints.about(
                    "store.origin",
                    "is missing: a witness knows each log by its name, and without it yours are"
                            + " named as everybody's",
                    "origin: consent.example.com");
        }
        if (needed(all, quorum) > asked(all).size()) {
            complaints.about(
                    "store.quorum",
                    "asks for more than the " + asked(all).size() + " witnesses that there are",
                    "quorum: all");
        }
        Set<String> names = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            WitnessConfig one = all.get(i);
            if (!one.enabled()) {
                continue;
            }
            String at = "store.witnesses[" + i + "]";
            url(one.url(), at, complaints);
            if (one.name().equals(NONE) || !names.add(one.name())) {
                complaints.about(at + ".name", "must be a name of its own", "name: auditor");
            }
            Optional<WitnessKey> key = WitnessKey.parse(one.key());
            if (key.isEmpty()) {
                complaints.about(
                        at + ".key",
                        "is no key of a witness (a C2SP vkey of type 4): scripts/gateway witness"
                                + " prints its own at start",
                        "key: witness.example/w1+aaaaaaaa+BA…");
            } else if (!keys.add(key.get().text())) {
                complaints.about(
                        at + ".key",
                        "is another one's, too: each witness has a key of its own",
                        "key: witness.example/w2+bbbbbbbb+BA…");
            }
        }
    }

    private static void url(URI url, String at, Complaints complaints) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || url.getHost() == null) {
            complaints.about(at + ".url", "must be a web address", "url: https://witness.example/");
        }
    }
}
