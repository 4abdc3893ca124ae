/**
 * A log as static files that any web server or bucket serves (C2SP tlog-tiles), and proofs as text
 * (C2SP tlog-proof): what third parties check by programs that are not ours. Nothing in them is
 * personal.
 */
@NullMarked
package org.consentgateway.ledger.tiles;

import org.jspecify.annotations.NullMarked;
