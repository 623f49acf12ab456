UPDATE customer_activity SET last_seen_at = (
    SELECT MAX(a.last_at) FROM node n JOIN node_activity a ON a.node_id = n.id
    WHERE n.customer_id = customer_activity.customer_id AND a.last_at >= a.first_at)
WHERE order_count = 0 AND ticket_count = 0 AND last_seen_at IS DISTINCT FROM (
    SELECT MAX(a.last_at) FROM node n JOIN node_activity a ON a.node_id = n.id
    WHERE n.customer_id = customer_activity.customer_id AND a.last_at >= a.first_at);
