/**
 * Several nodes with one store: this one says that it lives and what goes on here, and ends what a
 * dead one has left.
 */
@NullMarked
package org.consentgateway.proof.nodes;

import org.jspecify.annotations.NullMarked;
