// NATS_URL, MONGODB_URL, DATABASE.
import { connect } from '@nats-io/transport-node';
import { MongoClient } from 'mongodb';

const mongo = await MongoClient.connect(process.env.MONGODB_URL);
const products = mongo.db(process.env.DATABASE).collection('products');
const nats = await connect({ servers: process.env.NATS_URL, waitOnFirstConnect: true });

nats.subscribe('baseline.find', {
  callback: async (_, message) => message.respond(JSON.stringify(await products.findOne({ _id: message.string() }))),
});
