package org.consentgateway.settings.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.JdbcUrl;
import org.consentgateway.ledger.server.PostgresUrl;

/** What must hold of the address of a store, as far as that can be seen from here. */
public final class StoreRules {
    private static final List<String> PRIMARY = List.of("primary", "master");

    private StoreRules() {}

    /**
     * That the driver takes it, and of several servers the primary: one is it, and the driver takes
     * whichever answers, unless told.
     */
    public static void check(JdbcUrl url, Complaints complaints) {
        if (!url.isShared()) {
            return;
        }
        String fault = PostgresUrl.fault(url.text());
        if (fault != null) {
            complaints.about(
                    "store.url", fault, "url: jdbc:postgresql://HOST/DATABASE?user=…&password=…");
            return;
        }
        if (!servers(url.text()).contains(",")) {
            return;
        }
        String asked = option(url.text(), "targetservertype");
        if (!PRIMARY.contains(asked)) {
            complaints.about(
                    "store.url",
                    "names several servers, and a standby among them would be written to and"
                        + " refuse: have the primary looked for"
                        + " (jdbc:postgresql://HOST-A,HOST-B/DATABASE?targetServerType=primary)",
                    "");
        }
    }

    private static String servers(String url) {
        int begin = url.indexOf("//");
        if (begin < 0) {
            return ""; // on this machine
        }
        String rest = url.substring(begin + 2);
        int end = rest.indexOf('/');
        return end < 0 ? rest : rest.substring(0, end);
    }

    private static String option(String url, String name) {
        String query = url.substring(url.indexOf('?') + 1);
        return Arrays.stream(query.split("&", -1))
                .map(one -> one.split("=", 2))
                .filter(pair -> pair.length == 2)
                .filter(pair -> pair[0].toLowerCase(Locale.ROOT).equals(name))
                .map(pair -> pair[1].toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }
}
