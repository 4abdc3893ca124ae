package org.consentgateway.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable. Where customers get mail, as the company says it for one run: read, used and
 * forgotten.
 */
public final class Addresses {
    /** Two columns: what other systems call the customer, and where they write to. */
    public static final String HEADER = "reference,address";

    private static final int MOST = 5_000_000;

    private final Map<String, String> all;

    private Addresses(Map<String, String> all) {
        this.all = Map.copyOf(all);
    }

    /**
     * @throws IOException naming the line that is wrong, not what stands there
     */
    public static Addresses read(Reader csv) throws IOException {
        Map<String, String> all = new HashMap<>();
        var lines = new BufferedReader(csv);
        String header = lines.readLine();
        if (header == null || !header.strip().equalsIgnoreCase(HEADER)) {
            throw new IOException("the first line of the addresses has to be " + HEADER);
        }
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String[] fields = line.strip().split(",", -1);
            if (line.isBlank()) {
                continue;
            }
            if (fields.length != 2 || !MailServer.isAddress(fields[1].strip())) {
                throw new IOException(
                        "line %d of the addresses is no reference, a comma and one address"
                                .formatted(number));
            }
            if (all.put(fields[0].strip(), fields[1].strip()) != null || all.size() > MOST) {
                throw new IOException(
                        "line %d of the addresses names a customer again, or there are too many"
                                .formatted(number));
            }
        }
        return new Addresses(all);
    }

    Optional<String> of(Customer customer) {
        return Optional.ofNullable(all.get(customer.reference()));
    }

    @Override
    public String toString() {
        return "Addresses[" + all.size() + "]";
    }
}
