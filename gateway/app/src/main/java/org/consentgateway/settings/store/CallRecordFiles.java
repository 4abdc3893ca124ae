package org.consentgateway.settings.store;

import java.io.IOException;
import java.util.Set;
import org.consentgateway.cdr.NamedLines;
import org.consentgateway.proof.StoredRequests.CallRecords;
import org.consentgateway.settings.GatewayConfig;

/** Immutable. Call detail records, for those who answer what callers ask for. */
public final class CallRecordFiles implements CallRecords {
    private final GatewayConfig.Cdr cdr;

    public CallRecordFiles(GatewayConfig.Cdr cdr) {
        this.cdr = cdr;
    }

    @Override
    public String where() {
        return cdr.caller() == GatewayConfig.CdrCaller.NEVER
                ? ""
                : cdr.directory()
                        .map(directory -> directory + " of each node, kept for " + cdr.keep())
                        .orElse("");
    }

    /** Also where callers are no longer named: they were in the files of before. */
    @Override
    public int each(Set<String> pseudonyms, RecordVisitor visitor) throws IOException {
        return cdr.directory().isEmpty()
                ? 0
                : NamedLines.each(cdr.directory().get(), pseudonyms, visitor::at);
    }
}
