"""The ground on a real RabbitMQ and a real PostgreSQL, by two toy services in processes of their own."""
