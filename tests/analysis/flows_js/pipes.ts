// === a pipe before every route checks what classes say of their fields
import { NestFactory } from "@nestjs/core";
import { Body, Controller, Post, Query, ValidationPipe } from "@nestjs/common";
import { IsAlphanumeric, IsUUID, IsString } from "class-validator";
import { exec } from "child_process";

class Order {
  @IsUUID()
  id: string;

  @IsString()
  text: string;

  free: string;
}

@Controller()
export class Orders {
  @Post()
  create(@Body() order: Order) {
    exec(`print ${order.id}`);
    exec(`print ${order.text}`); // flow: shell body.text
    const { id, free } = order;
    exec(id);
    exec(free); // flow: shell body.free
  }

  @Post("part")
  part(@Body("id") id: string) {
    exec(id); // flow: shell body.id
  }

  @Post("find")
  find(@Query() query: Order) {
    exec(query.id);
  }
}

export const handler = async (event, context) => {
  const app = await NestFactory.create(Module);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
  await app.init();
};

// === without a pipe nobody looks at the classes
import { NestFactory } from "@nestjs/core";
import { Body, Controller, Post } from "@nestjs/common";
import { IsUUID } from "class-validator";
import { exec } from "child_process";

class Order {
  @IsUUID()
  id: string;
}

@Controller()
export class Orders {
  @Post()
  create(@Body() order: Order) {
    exec(order.id); // flow: shell body.id
  }
}

export const handler = async (event, context) => {
  const app = await NestFactory.create(Module);
  await app.init();
};

// === a pipe on one method, or on one parameter
import { NestFactory } from "@nestjs/core";
import { Body, Controller, Post, UsePipes, ValidationPipe } from "@nestjs/common";
import { IsUUID } from "class-validator";
import { exec } from "child_process";

class Order {
  @IsUUID()
  id: string;
}

@Controller()
export class Orders {
  @Post("a")
  @UsePipes(ValidationPipe)
  a(@Body() order: Order) {
    exec(order.id);
  }

  @Post("b")
  b(@Body(new ValidationPipe()) order: Order) {
    exec(order.id);
  }

  @Post("c")
  c(@Body() order: Order) {
    exec(order.id); // flow: shell body.id
  }
}

export const handler = async (event, context) => {
  const app = await NestFactory.create(Module);
};

// === a module provides the pipe
import { NestFactory, APP_PIPE } from "@nestjs/core";
import { Body, Controller, Module, Post, ValidationPipe } from "@nestjs/common";
import { IsUUID } from "class-validator";
import { exec } from "child_process";

class Order {
  @IsUUID()
  id: string;
}

@Controller()
export class Orders {
  @Post()
  create(@Body() order: Order) {
    exec(order.id);
  }
}

@Module({ providers: [{ provide: APP_PIPE, useClass: ValidationPipe }] })
export class AppModule {}

export const handler = async (event, context) => {
  const app = await NestFactory.create(AppModule);
};
