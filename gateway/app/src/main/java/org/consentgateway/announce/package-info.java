/** By HTTP from node to node: what may not wait for the store. */
@NullMarked
package org.consentgateway.announce;

import org.jspecify.annotations.NullMarked;
