package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What checking a log, an export or a receipt has found: what the gateway's command line prints.
 */
public sealed interface CheckResult permits Verification, ExportCheck, ReceiptCheck {
    boolean passed();

    /** For people: what was checked, what is wrong, the verdict. */
    List<String> lines();

    /** The same for programs. */
    ObjectNode json();
}
